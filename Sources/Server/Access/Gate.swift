import OrchCore
import OrchOrchestrator

/// Who gets in: host, origin, switch, token, rate.
struct Gate: Sendable {
    let hosts: HostPolicy
    let isAPIEnabled: Bool
    let isBearerRequired: Bool
    let tokens: BearerTokens
    /// nil where rate limiting is off.
    let limiter: RateLimiter?
    let failures: LoginFailures

    /// Lets a request in, or says why not.
    ///
    /// - Parameter rate: Set to what the rate limit says of the caller, where there is one, let in or not.
    func admit(
        _ head: RequestHead, to route: Route, from address: String, _ rate: inout RateLimiter.Verdict?
    ) throws(ErrorBody) -> Caller {
        try checkHost(head)
        if route.isAPI, !isAPIEnabled {
            throw ErrorBody(
                status: 503, type: "service_unavailable", code: "api_disabled",
                message: "the API is turned off (ORCH_ENABLE_API=0)")
        }
        let caller: Caller
        switch route.access {
        case .open: return .anonymous
        case .bearer: caller = try authenticate(head, isRequired: isBearerRequired, from: address)
        case .optionalBearer: caller = try recognize(head, from: address)
        case .operators: caller = try authenticate(head, isRequired: true, from: address)
        }
        if route.isLimited { try limit(caller, from: address, &rate) }
        guard route.access != .operators || caller.isOperator else {
            throw ErrorBody(
                status: 403, type: "permission_error", code: "operator_required",
                message: "this route is for operators: send a token of ORCH_OPERATOR_TOKEN")
        }
        return caller
    }

    func checkHost(_ head: RequestHead) throws(ErrorBody) {
        guard let authority = head.host, hosts.accepts(authority: authority) else {
            throw ErrorBody(
                status: 403, type: "permission_error", code: "host_not_allowed",
                message: "the Host of the request is not among ORCH_ALLOWED_HOSTS")
        }
        if let origin = head.origin, !hosts.accepts(origin: origin) {
            throw ErrorBody(
                status: 403, type: "permission_error", code: "origin_not_allowed",
                message: "the Origin of the request is not among ORCH_ALLOWED_HOSTS")
        }
    }

    private func authenticate(
        _ head: RequestHead, isRequired: Bool, from address: String
    ) throws(ErrorBody) -> Caller {
        let presented = Self.token(of: head)
        if let caller = presented.flatMap(tokens.caller(presenting:)) { return caller }
        guard isRequired else { return .anonymous }
        try noteFailure(from: address)
        throw ErrorBody(
            status: 401, type: "authentication_error", code: presented == nil ? "missing_token" : "invalid_token",
            message: presented == nil
                ? "send the token as \"Authorization: Bearer …\"; the server's .env has it as ORCH_BEARER_TOKEN"
                : "the token is not one of the server's")
    }

    /// Says who a caller is who need not be anybody. A wrong token counts as a failed login, so that tokens cannot be
    /// tried here without end.
    private func recognize(_ head: RequestHead, from address: String) throws(ErrorBody) -> Caller {
        guard let presented = Self.token(of: head) else { return .anonymous }
        if let caller = tokens.caller(presenting: presented) { return caller }
        if isBearerRequired { try noteFailure(from: address) }
        return .anonymous
    }

    private func noteFailure(from address: String) throws(ErrorBody) {
        guard let wait = failures.record(from: address) else { return }
        throw ErrorBody(
            status: 429, type: "rate_limit_error", code: "too_many_failed_logins",
            message: "too many requests with a wrong or missing token came from this address",
            retryAfter: max(1, ErrorTable.seconds(wait)))
    }

    private static func token(of head: RequestHead) -> Substring? {
        head.authorization.flatMap(bearer)
    }

    private func limit(
        _ caller: Caller, from address: String, _ rate: inout RateLimiter.Verdict?
    ) throws(ErrorBody) {
        guard let limiter else { return }
        let verdict = limiter.take(caller == .anonymous ? .address(address) : .caller(caller.name))
        rate = verdict
        guard !verdict.isAllowed else { return }
        throw ErrorBody(
            status: 429, type: "rate_limit_error", code: "rate_limit_exceeded",
            message: "too many requests: the limit is \(verdict.limit) (ORCH_RATE_LIMIT)",
            retryAfter: max(1, ErrorTable.seconds(verdict.retryAfter)))
    }

    private static func bearer(_ field: String) -> Substring? {
        // As nearly every client writes it.
        let scheme = "Bearer "
        if field.utf8.starts(with: scheme.utf8) {
            let token = field.utf8.dropFirst(scheme.utf8.count)
            if token.first != UInt8(ascii: " ") { return Substring(token) }
        }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Substring(parts[1].drop(while: { $0 == " " }))
    }
}
