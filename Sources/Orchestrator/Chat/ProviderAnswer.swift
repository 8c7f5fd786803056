import OrchCore
import OrchProviders
import OrchTokens

/// A provider's whole answer on its way to the caller: its bytes, capped where too long, with ours added.
struct ProviderAnswer {
    let document: JSONDocument
    private let choices: JSONNode
    let usage: Usage?

    /// - Throws: ``ProviderError`` where the answer is not a chat completion.
    init(_ document: JSONDocument) throws(ProviderError) {
        guard let choices = document.root["choices"], choices.kind == .array,
            choices.elements.allSatisfy({ $0.kind == .object })
        else { throw ProviderError(.malformedAnswer, "the model server's answer is not a chat completion") }
        self.document = document
        self.choices = choices
        usage = Usage(document.root["usage"])
    }

    /// The tokens of all choices, for where the provider does not count.
    func tokens(by counter: TokenCounter) -> Int {
        var tokens = 0
        for choice in choices.elements {
            guard let message = choice["message"] else { continue }
            var texts = ["content", "reasoning_content", "reasoning", "refusal"].map { message[$0] }
            let calls = (message["tool_calls"]?.elements.map { $0["function"] } ?? []) + [message["function_call"]]
            for call in calls { texts += [call?["name"], call?["arguments"]] }
            for case let text? in texts { tokens += text.withTextBytes { counter.tokens(of: $0) } }
        }
        return tokens
    }

    /// The text of the first choice as the caller gets it, which is what a receipt commits to.
    func text(maximumCharacters: Int?) -> [UInt8] {
        let first = choices.elements.first { ($0["index"]?.int ?? 0) == 0 }
        let text = first?["message"]?["content"]?.string ?? ""
        return Array((maximumCharacters.map { text.prefix(scalars: $0) } ?? text).utf8)
    }

    /// Whether a choice's text is longer than so many Unicode scalars; 0 is no limit.
    func exceeds(_ maximumCharacters: Int) -> Bool {
        guard maximumCharacters > 0 else { return false }
        return choices.elements.contains { choice in
            guard let content = choice["message"]?["content"], content.range.count > maximumCharacters else {
                return false
            }
            return (content.string ?? "").unicodeScalars.count > maximumCharacters
        }
    }

    /// The members that every completion has, by whether they were there.
    private struct Seen: OptionSet {
        let rawValue: UInt8
        static let id = Seen(rawValue: 1)
        static let object = Seen(rawValue: 2)
        static let created = Seen(rawValue: 4)
        static let model = Seen(rawValue: 8)
        static let systemFingerprint = Seen(rawValue: 16)
        static let usage = Seen(rawValue: 32)
        static let choices = Seen(rawValue: 64)

        private static let names: [(StaticString, Seen)] = [
            ("id", id), ("object", object), ("created", created), ("model", model),
            ("system_fingerprint", systemFingerprint), ("usage", usage), ("choices", choices),
        ]

        init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Which of them a member is; none for any other.
        init(_ member: JSONMember) {
            self = Self.names.first { member.keyEquals($0.0) }?.1 ?? []
        }
    }

    /// The answer for the caller.
    func bytes(_ extras: AnswerExtras, usage: Usage, created: Int64, maximumCharacters: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: document.bytes.count + 1024)
        var seen: Seen = []
        writer.beginObject()
        for member in document.root.members where !AnswerExtras.has(member) {
            let known = Seen(member)
            switch known {
            case .id where !member.value.stringHasPrefix("chatcmpl-"):
                writer.member("id", Completion.id(extras.traceID))
            case .object:
                writer.member("object", "chat.completion")
            case .usage where self.usage == nil:
                continue
            case .choices where extras.isTruncated:
                writer.key("choices")
                writeCutChoices(&writer, maximumCharacters)
            default:
                writer.raw(document.bytes[member.range])
            }
            seen.formUnion(known)
        }
        if !seen.contains(.id) { writer.member("id", Completion.id(extras.traceID)) }
        if !seen.contains(.object) { writer.member("object", "chat.completion") }
        if !seen.contains(.created) { writer.member("created", Int(created)) }
        if !seen.contains(.model) { writer.member("model", extras.facts?.model ?? "") }
        if !seen.contains(.systemFingerprint) { writer.member("system_fingerprint", orNull: nil) }
        if !seen.contains(.usage) {
            writer.key("usage")
            usage.write(to: &writer)
        }
        extras.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private func writeCutChoices(_ writer: inout JSONWriter, _ maximumCharacters: Int) {
        writer.beginArray()
        for choice in choices.elements {
            let content = choice["message"]?["content"]?.string ?? ""
            guard content.unicodeScalars.count > maximumCharacters else {
                writer.raw(choice.slice)
                continue
            }
            writer.beginObject()
            for member in choice.members {
                switch member.key {
                case "finish_reason": writer.member("finish_reason", "length")
                case "message":
                    writer.key("message")
                    writer.beginObject()
                    for part in member.value.members {
                        if part.keyEquals("content") {
                            writer.member("content", content.prefix(scalars: maximumCharacters))
                        } else {
                            writer.raw(document.bytes[part.range])
                        }
                    }
                    writer.endObject()
                default: writer.raw(document.bytes[member.range])
                }
            }
            writer.endObject()
        }
        writer.endArray()
    }
}

extension String {
    /// The beginning, so many Unicode scalars long.
    func prefix(scalars count: Int) -> String {
        String(unicodeScalars.prefix(count))
    }
}
