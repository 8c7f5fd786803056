package import HTTPTypes
import Hummingbird
import Logging
import NIOCore
package import OrchCore
import OrchOrchestrator
import Synchronization

/// The way of every HTTP request: found, let in, handled, answered.
struct APIResponder: HTTPResponder {
    let routes: RouteTable
    let gate: Gate
    let limits: ServerLimits
    let now: Now
    let observe: @Sendable (RequestRecord) -> Void

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let start = ContinuousClock.now
        let requestID = request.head.headerFields[.requestID].flatMap(Self.acceptable) ?? newRequestID()
        var record = RequestRecord(route: nil, method: request.method, requestID: requestID)
        var rateHeaders = HTTPFields()
        let reply: Reply
        do {
            reply = try await answer(request, context, &record, &rateHeaders)
        } catch {
            let body = ErrorTable.body(for: error)
            record.error = body
            // Some of the body may be unread: the connection cannot be used for another request.
            reply = .error(body, traceID: (error as? TracedFailure)?.traceID)
        }
        record.traceID = reply.traceID
        record.status = reply.status.code
        let response = finish(reply, record, rateHeaders, start)
        // Where a body would follow, a client that asked for the head alone would take it for the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Notes a request that the connection answered before it was one, and gives it an identity.
    func noteRefusal(_ error: ErrorBody) -> String {
        var record = RequestRecord(route: nil, method: Self.unreadMethod, requestID: newRequestID())
        record.error = error
        record.status = error.status
        observe(record)
        return record.requestID
    }

    /// Stands for the method of a request that could not be read.
    private static let unreadMethod = HTTPRequest.Method("UNKNOWN") ?? .options

    private func answer(
        _ request: Request, _ context: APIContext, _ record: inout RequestRecord, _ rateHeaders: inout HTTPFields
    ) async throws -> Reply {
        let target = request.head.path ?? "/"
        let mark = target.firstIndex(of: "?")
        let path = String(mark.map { target[..<$0] } ?? target[...])
        let route: Route
        let parameters: [String]
        switch routes.match(request.method, path: path) {
        case .route(let index, let found):
            route = routes.routes[index]
            record.route = index
            record.template = route.template
            parameters = found
        case .wrongMethod(let allowed):
            try gate.checkHost(request.head)
            throw ErrorBody(
                status: 405, type: "invalid_request_error", code: "method_not_allowed",
                message: "this path takes \(allowed.joined(separator: ", "))",
                headers: [("Allow", allowed.joined(separator: ", "))])
        case .unknownPath:
            try gate.checkHost(request.head)
            throw ErrorBody(
                status: 404, type: "invalid_request_error", code: "unknown_path",
                message: "no such path: GET /openapi.json lists those there are")
        }
        let caller = try gate.admit(request.head, to: route, from: context.address, &rateHeaders)
        record.caller = caller.name
        let maximumBytes = limits.maximumBodyBytes
        if let text = request.headers[.contentLength], let length = Int(text), length > maximumBytes {
            throw ErrorBody.tooLarge(maximumBytes)
        }
        return try await route.handle(
            Incoming(
                caller: caller, parameters: parameters,
                query: mark.map { PercentEncoding.pairs(target[target.index(after: $0)...]) } ?? [:],
                body: {
                    if request.headers[.expect] != nil {
                        context.channel.triggerUserOutboundEvent(ConnectionGuard.BodyWanted(), promise: nil)
                    }
                    return try await Self.collect(request.body, upTo: maximumBytes)
                }))
    }

    private static func collect(_ body: RequestBody, upTo maximumBytes: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await var part in body {
            guard bytes.count + part.readableBytes <= maximumBytes else { throw ErrorBody.tooLarge(maximumBytes) }
            if let read = part.readBytes(length: part.readableBytes) {
                if bytes.isEmpty { bytes = read } else { bytes.append(contentsOf: read) }
            }
        }
        return bytes
    }

    // MARK: Answering

    private func finish(
        _ reply: Reply, _ record: RequestRecord, _ rateHeaders: HTTPFields, _ start: ContinuousClock.Instant
    ) -> Response {
        var headers = reply.headers
        headers[.requestID] = record.requestID
        if let traceID = reply.traceID { headers[.traceID] = traceID.description }
        if reply.isGenerated { headers[.aiGenerated] = "true" }
        if record.status == 408 || record.status == 409 { headers[.shouldRetry] = "false" }
        if record.status == 413 { headers[.connection] = "close" }
        for field in rateHeaders { headers.append(field) }
        headers[.processingMilliseconds] = String(start.duration(to: .now).wholeMilliseconds)
        var record = record
        guard reply.body.contentLength == nil else {
            record.duration = start.duration(to: .now)
            observe(record)
            return Response(status: reply.status, headers: headers, body: reply.body)
        }
        // A stream is over when its last byte has gone.
        let observe = self.observe
        let body = reply.body
        return Response(
            status: reply.status, headers: headers,
            body: ResponseBody { [record] writer in
                var record = record
                do { try await body.write(writer) } catch { record.wasCutOff = true }
                record.duration = start.duration(to: .now)
                observe(record)
                if record.wasCutOff { throw CancellationError() }
            })
    }

    /// The caller's identity for a request, if it is 1 to 128 printable ASCII characters.
    private static func acceptable(_ text: String) -> String? {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }

    private func newRequestID() -> String {
        "req-" + TraceID.generate(at: now()).description
    }
}

/// What is known of a request where it came in.
struct APIContext: InitializableFromSource {
    /// The client's address, without its port.
    let address: String
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// What became of a request, for logs and metrics. It holds nothing of what was said.
package struct RequestRecord: Sendable {
    /// The route's place among the templates; nil for an unknown path.
    package var route: Int?
    /// The route's template; nil for an unknown path.
    package var template: String?
    package var method: HTTPRequest.Method
    package var requestID: String
    package var caller: String?
    package var traceID: TraceID?
    package var status = 0
    package var duration = Duration.zero
    /// A stream that did not come to its end.
    package var wasCutOff = false
    var error: ErrorBody?

    package var errorType: String? { error?.type }
    package var errorCode: String? { error?.code }

    init(route: Int?, method: HTTPRequest.Method, requestID: String) {
        self.route = route
        self.method = method
        self.requestID = requestID
    }
}

extension ErrorBody {
    static func tooLarge(_ maximumBytes: Int) -> ErrorBody {
        ErrorBody(
            status: 413, type: "invalid_request_error", code: "request_too_large",
            message: "the body is larger than \(maximumBytes) bytes (ORCH_MAX_REQUEST_BYTES)")
    }
}

extension HTTPField.Name {
    private static func make(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .xContentTypeOptions
    }
    static let requestID = make("x-request-id")
    static let traceID = make("x-orch-trace-id")
    static let aiGenerated = make("x-ai-generated")
    static let shouldRetry = make("x-should-retry")
    static let processingMilliseconds = make("openai-processing-ms")
    static let rateLimit = make("x-ratelimit-limit-requests")
    static let rateRemaining = make("x-ratelimit-remaining-requests")
    static let rateReset = make("x-ratelimit-reset-requests")
}

extension Duration {
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
