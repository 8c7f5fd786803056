import HTTPTypes
import HummingbirdCore
import NIOCore
import OrchCore
import OrchOrchestrator

/// What a handler answers; the headers that every answer has are added to it afterwards.
struct Reply: Sendable {
    var status: HTTPResponse.Status = .ok
    var headers: HTTPFields = [:]
    var body: ResponseBody
    var traceID: TraceID?
    /// Whether the body holds generated content, which is marked as such.
    var isGenerated = false

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Reply {
        Reply(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Reply {
        json(value.serialized, status: status)
    }

    static func error(_ error: ErrorBody, traceID: TraceID? = nil) -> Reply {
        var reply = json(error.json, status: .init(code: error.status))
        reply.traceID = traceID
        if let seconds = error.retryAfter { reply.headers[.retryAfter] = String(seconds) }
        if error.status == 401 { reply.headers[.wwwAuthenticate] = "Bearer" }
        for (name, value) in error.headers {
            if let name = HTTPField.Name(name) { reply.headers[name] = value }
        }
        return reply
    }

    static func chat(_ answer: ChatAnswer) -> Reply {
        switch answer {
        case .whole(let bytes, let traceID):
            var reply = json(bytes)
            reply.traceID = traceID
            reply.isGenerated = true
            return reply
        case .stream(let stream):
            let body = ResponseBody { writer in
                var writer = writer
                try await stream.send { bytes in try await writer.write(ByteBuffer(bytes: bytes)) }
                try await writer.finish(nil)
            }
            return Reply(
                headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"], body: body,
                traceID: stream.traceID, isGenerated: true)
        }
    }
}
