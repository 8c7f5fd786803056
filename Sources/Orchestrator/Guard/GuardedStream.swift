import OrchCore
import OrchPrivacy
import OrchProviders

/// Turns a provider's chunks into chunks that may leave.
///
/// Texts go through one streaming scrubber each, so that the caller gets them as soon as nothing that is found can begin
/// in them any more. Calls of tools are held until their choice ends: their arguments are JSON, which is looked at whole.
struct GuardedStream {
    /// Choices of one answer, as OpenAI counts them.
    private static let maximumChoices = 128

    private let outputGuard: OutputGuard
    /// How many choices were asked for.
    private let expected: Int
    private var choices: [Int: GuardedChoice] = [:]
    /// The last chunk, whose identity further ones take over.
    private var last: JSONDocument?
    private(set) var report = GuardReport()

    init(_ outputGuard: OutputGuard, choices expected: Int) {
        self.outputGuard = outputGuard
        self.expected = expected
    }

    /// Whether every choice that was asked for is blocked, so that the rest of the answer is not wanted.
    var isOver: Bool { choices.values.count(where: \.isBlocked) >= expected }

    /// Takes a chunk and gives those that may leave for it.
    ///
    /// - Throws: ``ProviderError`` where the chunk is none, or more comes than can be held.
    mutating func take(_ chunk: JSONDocument) throws(ProviderError) -> [JSONDocument] {
        last = chunk
        var out: [JSONDocument] = []
        let root = chunk.root
        for choice in root["choices"].map({ Array($0.elements) }) ?? [] {
            let index = choice["index"]?.int ?? 0
            guard choices[index] != nil || choices.count < Self.maximumChoices else {
                throw ProviderError(.malformedAnswer, "the model server's answer has too many choices")
            }
            var state = choices[index] ?? GuardedChoice(outputGuard)
            try state.take(choice, index, &report)
            choices[index] = state
            for written in choices[index]?.takeWritten() ?? [] {
                out.append(try document(of: root, choice: written, without: ["usage"]))
            }
        }
        if let usage = root["usage"], !usage.isNull { out.append(try document(of: root, choice: nil)) }
        return out
    }

    /// What is still held of choices that the provider did not end.
    mutating func finish() throws(ProviderError) -> [JSONDocument] {
        guard let last else { return [] }
        var out: [JSONDocument] = []
        for index in choices.keys.sorted() {
            choices[index]?.finish(index, &report)
            for written in choices[index]?.takeWritten() ?? [] {
                out.append(try document(of: last.root, choice: written, without: ["usage"]))
            }
        }
        return out
    }

    private func document(
        of root: JSONNode, choice: [UInt8]?, without left: Set<String> = []
    ) throws(ProviderError) -> JSONDocument {
        var writer = JSONWriter(capacity: 256 + (choice?.count ?? 0))
        try OutputGuard.write(root, to: &writer, without: left) { writer throws(ProviderError) in
            if let choice { writer.raw(choice) }
        }
        return try JSONDocument(guarded: writer.bytes)
    }
}
