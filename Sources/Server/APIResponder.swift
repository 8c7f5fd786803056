import NIOHTTP1
package import OrchCore
import OrchOrchestrator

/// The way of every HTTP request: found, let in, handled, answered.
struct APIResponder: Sendable {
    let routes: RouteTable
    let gate: Gate
    let limits: ServerLimits
    let now: Now
    let observe: @Sendable (RequestRecord) -> Void

    /// Answers one request. What can go wrong is an answer, too.
    func respond(to exchange: ClientExchange) async {
        let start = ContinuousClock.now
        let requestID = exchange.head.requestID.flatMap(Self.acceptable) ?? newRequestID()
        var record = RequestRecord(method: exchange.head.method.rawValue, requestID: requestID)
        var rate: RateLimiter.Verdict?
        let reply: Reply
        do {
            reply = try await answer(exchange, &record, &rate)
        } catch {
            let body = ErrorTable.body(for: error)
            record.error = body
            reply = .error(body, traceID: (error as? TracedFailure)?.traceID)
        }
        record.traceID = reply.traceID
        record.status = Int(reply.status.code)
        record.duration = start.duration(to: .now)
        let head = head(of: reply, record, rate)
        switch reply.body {
        case .whole(let bytes):
            observe(record)
            exchange.answer(head, bytes)
        case .stream(let body):
            do { try await exchange.stream(head, body) } catch { record.wasCutOff = true }
            // A stream is over when its last byte has gone.
            record.duration = start.duration(to: .now)
            observe(record)
        }
    }

    /// Notes a request that the connection answered before it was one, and gives it an identity.
    func noteRefusal(_ error: ErrorBody) -> String {
        var record = RequestRecord(method: Self.unreadMethod, requestID: newRequestID())
        record.error = error
        record.status = error.status
        observe(record)
        return record.requestID
    }

    /// Stands for the method of a request that could not be read.
    private static let unreadMethod = "UNKNOWN"

    private func answer(
        _ exchange: ClientExchange, _ record: inout RequestRecord, _ rate: inout RateLimiter.Verdict?
    ) async throws -> Reply {
        let head = exchange.head
        let (path, query) = Self.parts(of: head.target)
        let route: Route
        let parameters: [String]
        switch routes.match(head.method, path: path) {
        case .route(let index, let found):
            route = routes.routes[index]
            record.route = index
            record.template = route.template
            parameters = found
        case .wrongMethod(let allowed):
            try gate.checkHost(head)
            throw ErrorBody(
                status: 405, type: "invalid_request_error", code: "method_not_allowed",
                message: "this path takes \(allowed.joined(separator: ", "))",
                headers: [("allow", allowed.joined(separator: ", "))])
        case .unknownPath:
            try gate.checkHost(head)
            throw ErrorBody(
                status: 404, type: "invalid_request_error", code: "unknown_path",
                message: "no such path: GET /openapi.json lists those there are")
        }
        let caller = try gate.admit(head, to: route, from: exchange.address, &rate)
        record.caller = caller.name
        let maximumBytes = limits.maximumBodyBytes
        if let length = head.contentLength, length > maximumBytes { throw ErrorBody.tooLarge(maximumBytes) }
        return try await route.handle(
            Incoming(
                caller: caller, parameters: parameters, query: query.map(PercentEncoding.pairs) ?? [:],
                body: { try await exchange.body(upTo: maximumBytes) }))
    }

    /// The path and the query of a request target.
    private static func parts(of target: String) -> (path: String, query: Substring?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, nil) }
        return (String(target[..<mark]), target[target.utf8.index(after: mark)...])
    }

    /// The answer's head, with the fields that every answer has.
    private func head(of reply: Reply, _ record: RequestRecord, _ rate: RateLimiter.Verdict?) -> AnswerHead {
        var fields = reply.headers
        fields.reserveCapacity(fields.count + 8)
        fields.add(name: "x-request-id", value: record.requestID)
        if let traceID = reply.traceID { fields.add(name: "x-orch-trace-id", value: traceID.description) }
        if reply.isGenerated { fields.add(name: "x-ai-generated", value: "true") }
        if record.status == 408 || record.status == 409 { fields.add(name: "x-should-retry", value: "false") }
        if let rate {
            fields.add(name: "x-ratelimit-limit-requests", value: String(rate.limit))
            fields.add(name: "x-ratelimit-remaining-requests", value: String(rate.remaining))
            fields.add(name: "x-ratelimit-reset-requests", value: rate.reset.resetText)
        }
        fields.add(name: "openai-processing-ms", value: String(record.duration.wholeMilliseconds))
        // What is left of a body that was too large is not read.
        return AnswerHead(status: reply.status, fields: fields, closesConnection: record.status == 413)
    }

    /// The caller's identity for a request, if it is 1 to 128 printable ASCII characters.
    private static func acceptable(_ text: String) -> String? {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
    }

    private func newRequestID() -> String {
        "req-" + TraceID.generate(at: now()).description
    }
}

/// What became of a request, for logs and metrics. It holds nothing of what was said.
package struct RequestRecord: Sendable {
    /// The route's place among the templates; nil for an unknown path.
    package var route: Int?
    /// The route's template; nil for an unknown path.
    package var template: String?
    package var method: String
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

    init(method: String, requestID: String) {
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

extension Duration {
    var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
