/// The hash chain over a trace's steps as they are stored.
///
/// C_0 is 64 zeros, and C_i is SHA-256 of 128 characters: C_{i-1} in lower-case base 16, then the same of the step's hash
/// H_i. Who has the steps can compute it with any SHA-256.
package struct TraceChain: Sendable, Equatable {
    /// How the chain is made, for readers.
    package static let algorithm = "sha256-hex-chain-v1"
    /// C_0.
    package static let start = String(repeating: "0", count: 64)

    /// C_1 to C_n.
    package let links: [MerkleHash]

    /// - Parameter steps: H_1 to H_n.
    package init(_ steps: [MerkleHash]) {
        var links: [MerkleHash] = []
        for step in steps {
            let previous = links.last?.hexadecimal ?? Self.start
            links.append(.sha256(Array((previous + step.hexadecimal).utf8)))
        }
        self.links = links
    }

    /// C_n in lower-case base 16.
    package var head: String { links.last?.hexadecimal ?? Self.start }
}
