import OrchCore
import OrchProviders

/// Reads Ollama's stream, one JSON object a line, and gives OpenAI's chunks.
struct OllamaChunkDecoder: ChunkDecoder {
    private let asked: String
    private let cloud: CloudModelGuard
    private let identity: AnswerIdentity
    private var lines: LineSplitter
    private var head: (identifier: String, created: Int, model: String)?
    private var callCount = 0
    private(set) var isComplete = false

    init(model: String, cloud: CloudModelGuard, identity: AnswerIdentity, maximumLineBytes: Int = 8 << 20) {
        asked = model
        self.cloud = cloud
        self.identity = identity
        lines = LineSplitter(maximumLineBytes: maximumLineBytes)
    }

    mutating func feed(_ bytes: [UInt8], into chunks: inout [JSONDocument]) throws(ProviderError) {
        var complete: [[UInt8]] = []
        var isTooLong = false
        do throws(LineTooLong) { try lines.feed(bytes, into: &complete) } catch { isTooLong = true }
        for line in complete where !isComplete && !line.isEmpty { try take(line, into: &chunks) }
        if isTooLong, !isComplete { throw .malformed("has a line that is too long") }
    }

    mutating func finish(into chunks: inout [JSONDocument]) throws(ProviderError) {
        // The last line may lack its end; if it cannot be read it was cut off.
        if !isComplete, let rest = lines.finish(), (try? JSONDocument(parsing: rest)) != nil {
            try take(rest, into: &chunks)
        }
        guard isComplete else { throw .closedBeforeComplete }
    }

    private mutating func take(_ line: [UInt8], into chunks: inout [JSONDocument]) throws(ProviderError) {
        let root = try JSONDocument(answer: line).root
        if let failure = ServerFault.failure(in: root) { throw failure }
        try cloud.check(root)
        let answer = try OllamaAnswer(root)
        let isFirst = head == nil
        let head =
            self.head ?? (identity.completion(), answer.created ?? Int(identity.now().seconds), answer.model ?? asked)
        self.head = head
        if isFirst || !answer.content.isEmpty || !answer.thinking.isEmpty || !answer.calls.isEmpty {
            chunks.append(try chunk(head) { writer in writeDelta(answer, isFirst: isFirst, &writer) })
            callCount += answer.calls.count
        }
        guard answer.isDone else { return }
        isComplete = true
        let reason = answer.finishReason(afterCalls: callCount > 0)
        chunks.append(try chunk(head) { writer in Self.writeChoice(reason, &writer) { _ in } })
        if answer.hasUsage {
            chunks.append(try chunk(head, writeUsage: { writer in answer.writeUsage(&writer) }, { _ in }))
        }
    }

    private func writeDelta(_ answer: OllamaAnswer, isFirst: Bool, _ writer: inout JSONWriter) {
        Self.writeChoice(nil, &writer) { writer in
            if isFirst { writer.member("role", "assistant") }
            if isFirst || !answer.content.isEmpty { writer.member("content", answer.content) }
            if !answer.thinking.isEmpty { writer.member("reasoning_content", answer.thinking) }
            guard !answer.calls.isEmpty else { return }
            writer.key("tool_calls")
            writer.beginArray()
            for (index, call) in answer.calls.enumerated() {
                OllamaAnswer.write(call, index: callCount + index, identity, &writer)
            }
            writer.endArray()
        }
    }

    private static func writeChoice(
        _ reason: String?, _ writer: inout JSONWriter, _ writeDelta: (inout JSONWriter) -> Void
    ) {
        writer.beginObject()
        writer.member("index", 0)
        writer.key("delta")
        writer.beginObject()
        writeDelta(&writer)
        writer.endObject()
        writer.member("finish_reason", orNull: reason)
        writer.endObject()
    }

    private func chunk(
        _ head: (identifier: String, created: Int, model: String), writeUsage: (inout JSONWriter) -> Void = { _ in },
        _ writeChoices: (inout JSONWriter) -> Void
    ) throws(ProviderError) -> JSONDocument {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", head.identifier)
        writer.member("object", "chat.completion.chunk")
        writer.member("created", head.created)
        writer.member("model", head.model)
        writer.key("choices")
        writer.beginArray()
        writeChoices(&writer)
        writer.endArray()
        writeUsage(&writer)
        writer.endObject()
        return try JSONDocument(answer: writer.bytes)
    }
}
