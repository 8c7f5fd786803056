package import OrchCore
import OrchReceipts

/// An answer that may leave: what it says is receipted.
package enum ChatAnswer: Sendable {
    /// A `chat.completion`.
    case whole([UInt8], traceID: TraceID?)
    case stream(ChatStream)
}

/// An answer in server-sent events, whose opening is receipted.
package struct ChatStream: Sendable {
    /// Takes bytes that go out as they are; returns when there is room for more, throws when nobody listens any more.
    package typealias Sink = (_ bytes: [UInt8]) async throws -> Void

    /// nil where receipts are off.
    package let traceID: TraceID?
    private let body: @Sendable (Sink) async throws -> Void

    init(traceID: TraceID?, _ body: @escaping @Sendable (Sink) async throws -> Void) {
        self.traceID = traceID
        self.body = body
    }

    /// Sends the whole stream, and sees to the receipt of its end whatever happens on the way.
    package func send(to sink: Sink) async throws {
        try await body(sink)
    }
}

/// A failure of a request that had been admitted; its receipt is written.
package struct TracedFailure: Error {
    package let error: any CodedError
    /// nil where receipts are off.
    package let traceID: TraceID?
}

/// Frames of a server-sent event stream.
enum ServerSentEvent {
    static let done = Array("data: [DONE]\n\n".utf8)

    static func frame(_ json: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(json.count + 8)
        frame.append(contentsOf: "data: ".utf8)
        frame.append(contentsOf: json)
        // A line's end, which can only be white space in JSON, would end the event.
        if json.withUnsafeBufferPointer({ $0.endOfLine(from: 0) }) < json.count {
            for index in frame.indices where frame[index] == 0x0A || frame[index] == 0x0D { frame[index] = 0x20 }
        }
        frame.append(contentsOf: "\n\n".utf8)
        return frame
    }

    /// A failure after the first byte.
    static func error(_ error: any CodedError) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("message", error.message)
        writer.member("type", error is ReceiptError ? "service_unavailable" : "provider_error")
        writer.member("param", orNull: nil)
        writer.member("code", error.codeName)
        writer.endObject()
        writer.endObject()
        return frame(writer.bytes)
    }
}
