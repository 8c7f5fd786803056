/// Makes vectors of texts: unit vectors of one length, one for each text, in their order; the same for the same text,
/// whatever stands beside it. The port to an embedder, which the program wires.
package typealias TextVectors = @Sendable (_ texts: [String]) async throws -> [[Float]]
