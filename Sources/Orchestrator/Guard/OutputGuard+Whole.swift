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
        var found = GuardReport()
        let value = choice.value
        var clean = clean(value, &found)
        defer { report.add(found) }
        guard !found.isEmpty else { return writer.raw(choice.slice) }
        guard action == .redact else {
            found.isBlocked = true
            return Self.writeBlocked(
                choice["index"]?.int ?? 0, #"{"role":"assistant","content":null}"#, "message", to: &writer)
        }
        // The tokens one by one would tell the text all the same.
        if var object = clean.objectValue, object["logprobs"] != nil {
            object["logprobs"] = .null
            clean = .object(object)
        }
        writer.value(clean)
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
