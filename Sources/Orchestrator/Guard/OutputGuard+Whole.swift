import OrchCore
import OrchProviders

extension OutputGuard {
    /// A whole answer as it may leave.
    ///
    /// - Throws: ``ProviderError`` where the answer is not a chat completion.
    func apply(to answer: JSONDocument, _ report: inout GuardReport) throws(ProviderError) -> JSONDocument {
        let root = answer.root
        var writer = JSONWriter(capacity: answer.bytes.count + 256)
        try Self.write(root, to: &writer) { writer throws(ProviderError) in
            for choice in root["choices"].map({ Array($0.elements) }) ?? [] {
                writeChoice(choice, to: &writer, &report)
            }
        }
        return try JSONDocument(guarded: writer.bytes)
    }

    private func writeChoice(_ choice: JSONNode, to writer: inout JSONWriter, _ report: inout GuardReport) {
        var object = choice.value.objectValue ?? JSONObject()
        // The tokens one by one would tell the text all the same, and their numbers say nothing of anybody.
        let hasTokens = !(choice["logprobs"]?.isNull ?? true)
        if hasTokens { object["logprobs"] = .null }
        var found = GuardReport()
        let clean = clean(.object(object), &found)
        defer { report.add(found) }
        guard found.isEmpty || action == .redact else {
            found.isBlocked = true
            return writeBlocked(choice["index"]?.int ?? 0, to: &writer)
        }
        if found.isEmpty, !hasTokens { writer.raw(choice.slice) } else { writer.value(clean) }
    }

    /// What stands in the place of a choice that is blocked.
    private func writeBlocked(_ index: Int, to writer: inout JSONWriter) {
        writer.value([
            "index": .integer(index), "message": ["role": "assistant", "content": nil], "logprobs": nil,
            "finish_reason": "content_filter",
        ])
    }
}

extension JSONDocument {
    /// Reads what a guard wrote.
    init(guarded bytes: [UInt8]) throws(ProviderError) {
        do throws(JSONError) {
            // A server's answer may hold one key twice; both values were looked at.
            self = try JSONDocument(parsing: bytes, limits: JSONLimits(allowsDuplicateKeys: true))
        } catch {
            throw ProviderError(.malformedAnswer, "the model server's answer is not a chat completion")
        }
    }
}
