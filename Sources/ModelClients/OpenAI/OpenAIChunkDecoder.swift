import OrchCore
import OrchProviders

/// Reads `chat.completion.chunk` objects out of an event stream that ends with `[DONE]`.
struct OpenAIChunkDecoder: ChunkDecoder {
    private var parser: ServerSentEventParser
    /// Choices that have begun and not said why they ended.
    private var open: Set<Int> = []
    private var hasFinished = false
    private(set) var isComplete = false

    init(maximumEventBytes: Int = 8 << 20) {
        parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
    }

    mutating func feed(_ bytes: [UInt8], into chunks: inout [JSONDocument]) throws(ProviderError) {
        var events: [[UInt8]] = []
        var isTooLong = false
        do throws(LineTooLong) { try parser.feed(bytes, into: &events) } catch { isTooLong = true }
        for event in events where !isComplete { try take(event, into: &chunks) }
        if isTooLong, !isComplete { throw .malformed("has an event that is too long") }
    }

    mutating func finish(into chunks: inout [JSONDocument]) throws(ProviderError) {
        // Some servers end without [DONE]; what counts is that every choice was finished.
        guard isComplete || hasFinished && open.isEmpty else { throw .closedBeforeComplete }
        isComplete = true
    }

    private mutating func take(_ event: [UInt8], into chunks: inout [JSONDocument]) throws(ProviderError) {
        if event.elementsEqual("[DONE]".utf8) {
            isComplete = true
            return
        }
        let document = try JSONDocument(answer: event)
        if let failure = ServerFault.failure(in: document.root) { throw failure }
        if let choices = document.root["choices"] {
            for choice in choices.elements {
                let index = choice["index"]?.int ?? 0
                if let reason = choice["finish_reason"], !reason.isNull {
                    open.remove(index)
                    hasFinished = true
                } else {
                    open.insert(index)
                }
            }
        }
        chunks.append(document)
    }
}
