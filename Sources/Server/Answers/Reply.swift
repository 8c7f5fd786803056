import NIOHTTP1
import OrchCore
import OrchOrchestrator

/// What a handler answers; the headers that every answer has are added to it afterwards.
struct Reply: Sendable {
    enum Body: Sendable {
        case whole([UInt8])
        /// Gives its pieces to a function that returns when there is room for more, and throws when nobody listens.
        case stream(@Sendable (_ send: ([UInt8]) async throws -> Void) async throws -> Void)
    }

    var status = HTTPResponseStatus.ok
    /// Names in lower case.
    var headers: HTTPHeaders = [:]
    var body: Body
    var traceID: TraceID?
    /// Whether the body holds generated content, which is marked as such.
    var isGenerated = false

    static func json(_ bytes: [UInt8], status: HTTPResponseStatus = .ok) -> Reply {
        Reply(status: status, headers: ["content-type": "application/json"], body: .whole(bytes))
    }

    static func json(_ value: JSONValue, status: HTTPResponseStatus = .ok) -> Reply {
        json(value.serialized, status: status)
    }

    static func error(_ error: ErrorBody, traceID: TraceID? = nil) -> Reply {
        var reply = json(error.json, status: HTTPResponseStatus(statusCode: error.status))
        reply.traceID = traceID
        if let seconds = error.retryAfter { reply.headers.add(name: "retry-after", value: String(seconds)) }
        if error.status == 401 { reply.headers.add(name: "www-authenticate", value: "Bearer") }
        for (name, value) in error.headers { reply.headers.add(name: name, value: value) }
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
            return Reply(
                headers: ["content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"],
                body: .stream { send in try await stream.send(to: send) }, traceID: stream.traceID, isGenerated: true)
        }
    }
}
