import OrchCore
import OrchProviders
import OrchReceipts

/// Turns a provider's chunks into the caller's, one at a time.
///
/// Chunks of plain text pass as the bytes that they came as. The chunk that ends the answer is held back, so that it
/// can carry what is only known at the end.
struct StreamRelay {
    private let includesUsage: Bool
    private let maximumCharacters: Int
    /// The one identity and time of all chunks.
    private(set) var head: Completion
    private var id: [UInt8]?
    private var created: [UInt8]?
    private var hasSentRole = false
    private var characters: [Int: Int] = [:]
    /// The choices that have begun and not ended.
    private var unfinished: Set<Int> = []
    private var held: JSONDocument?
    private(set) var usage: Usage?
    /// Of what the provider has sent.
    private(set) var count: StreamCount
    /// The text of the first choice so far, for the receipt; nil where receipts are off.
    private(set) var answer: CommitmentHasher?
    private(set) var isTruncated = false
    private(set) var finishReason: String?

    init(
        head: Completion, includesUsage: Bool, maximumCharacters: Int, count: StreamCount,
        answer: CommitmentHasher? = nil
    ) {
        self.count = count
        self.answer = answer
        self.head = head
        self.includesUsage = includesUsage
        self.maximumCharacters = maximumCharacters
    }

    /// Takes a chunk and gives those that go out for it.
    mutating func take(_ chunk: JSONDocument) -> [[UInt8]] {
        if let usage = Usage(chunk.root["usage"]) { self.usage = usage }
        guard let choices = chunk.root["choices"], choices.elements.contains(where: { _ in true }) else { return [] }
        var out: [[UInt8]] = []
        if let held {
            out.append(bytes(of: held))
            self.held = nil
        }
        adoptIdentity(of: chunk)
        if !hasSentRole {
            hasSentRole = true
            if choices.elements.allSatisfy({ $0["delta"]?["role"]?.string == nil }) {
                out.append(head.chunk(delta: ["role": "assistant", "content": ""], includesUsage: includesUsage))
            }
        }
        var isLast = false
        var endedHere: [Int] = []
        for choice in choices.elements {
            let index = choice["index"]?.int ?? 0
            unfinished.insert(index)
            if let reason = choice["finish_reason"]?.string {
                finishReason = reason
                isLast = true
                endedHere.append(index)
            }
            guard let delta = choice["delta"] else { continue }
            guard let content = countAll(delta, choice: index), content.kind == .string else { continue }
            guard maximumCharacters > 0 else {
                if index == 0 { answer?.update(content.string ?? "") }
                continue
            }
            let text = content.string ?? ""
            let before = characters[index, default: 0]
            let count = text.unicodeScalars.count
            guard before + count <= maximumCharacters else {
                isTruncated = true
                finishReason = "length"
                let rest = text.prefix(scalars: maximumCharacters - before)
                if index == 0 { answer?.update(rest) }
                if !rest.isEmpty {
                    out.append(
                        head.chunk(delta: ["content": .string(rest)], index: index, includesUsage: includesUsage))
                }
                return out
            }
            characters[index] = before + count
            if index == 0 { answer?.update(text) }
        }
        unfinished.subtract(endedHere)
        if isLast { held = chunk } else { out.append(bytes(of: chunk)) }
        return out
    }

    /// The chunks that end the stream; the last one carries the extras.
    func finish(_ extras: AnswerExtras, usage: Usage) -> [[UInt8]] {
        var head = self.head
        head.usage = usage
        var out: [[UInt8]] = []
        if !hasSentRole {
            out.append(head.chunk(delta: ["role": "assistant", "content": ""], includesUsage: includesUsage))
        }
        if let held, !isTruncated {
            out.append(bytes(of: held, extras: includesUsage ? nil : extras))
        } else {
            let open = unfinished.isEmpty ? [0] : unfinished.sorted()
            for (place, index) in open.enumerated() {
                let isLast = place == open.count - 1
                out.append(
                    head.chunk(
                        delta: [:], finishReason: finishReason ?? "stop", index: index, includesUsage: includesUsage,
                        extras: includesUsage || !isLast ? nil : extras))
            }
        }
        if includesUsage { out.append(head.usageChunk(extras)) }
        return out
    }

    /// Counts what a delta brings, and gives its content.
    private mutating func countAll(_ delta: JSONNode, choice: Int) -> JSONNode? {
        var content: JSONNode?
        for member in delta.members {
            if member.keyEquals("content") {
                content = member.value
                count.add(member.value, choice: choice)
            } else if !member.keyEquals("role") {
                countOther(member, choice: choice)
            }
        }
        return content
    }

    /// Reasoning, refusals, calls of tools.
    private mutating func countOther(_ member: JSONMember, choice: Int) {
        switch member.key {
        case "reasoning_content", "reasoning": count.add(member.value, .reasoning, choice: choice)
        case "refusal": count.add(member.value, .refusal, choice: choice)
        case "tool_calls":
            for call in member.value.elements { countCall(call["function"], choice: choice) }
        case "function_call": countCall(member.value, choice: choice)
        default: break
        }
    }

    private mutating func countCall(_ call: JSONNode?, choice: Int) {
        if let name = call?["name"] { count.add(name, .toolCalls, choice: choice) }
        if let arguments = call?["arguments"] { count.add(arguments, .toolCalls, choice: choice) }
    }

    private mutating func adoptIdentity(of chunk: JSONDocument) {
        guard id == nil else { return }
        if let node = chunk.root["id"], let text = node.string, text.hasPrefix("chatcmpl-") {
            head.id = text
            id = Array(node.slice)
        } else {
            id = JSONValue.string(head.id).serialized
        }
        if let node = chunk.root["created"], let seconds = node.int {
            head.created = Int64(seconds)
            created = Array(node.slice)
        } else {
            created = JSONValue.integer(Int(head.created)).serialized
        }
        if let model = chunk.root["model"]?.string { head.model = model }
    }

    /// The chunk as it goes out: as it came where it already is as it must be.
    private func bytes(of chunk: JSONDocument, extras: AnswerExtras? = nil) -> [UInt8] {
        let root = chunk.root
        let usageNode = root["usage"]
        let usageFits = includesUsage ? usageNode?.isNull ?? false : usageNode == nil
        if extras == nil, usageFits, let id, root["id"]?.slice.elementsEqual(id) ?? false, let created,
            root["created"]?.slice.elementsEqual(created) ?? false,
            !root.members.contains(where: AnswerExtras.has)
        {
            return chunk.bytes
        }
        var writer = JSONWriter(capacity: chunk.bytes.count + 256)
        writer.beginObject()
        writer.member("id", head.id)
        writer.member("object", "chat.completion.chunk")
        writer.member("created", Int(head.created))
        for member in root.members {
            switch member.key {
            case "id", "object", "created", "usage": continue
            case _ where AnswerExtras.has(member): continue
            default: writer.raw(chunk.bytes[member.range])
            }
        }
        if includesUsage { writer.member("usage", orNull: nil) }
        extras?.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}
