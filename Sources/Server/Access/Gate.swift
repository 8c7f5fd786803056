import HTTPTypes
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
    func admit(
        _ head: HTTPRequest, to route: Route, from address: String, _ rateHeaders: inout HTTPFields
    ) throws(ErrorBody) -> Caller {
        try checkHost(head)
        if route.isAPI, !isAPIEnabled {
            throw ErrorBody(
                status: 503, type: "service_unavailable", code: "api_disabled",
                message: "the API is turned off (ORCH_ENABLE_API=0)")
        }
        guard route.access != .open else { return .anonymous }
        let caller = try authenticate(head, from: address)
        if route.isLimited { try limit(caller, from: address, &rateHeaders) }
        return caller
    }

    func checkHost(_ head: HTTPRequest) throws(ErrorBody) {
        guard let authority = head.authority, hosts.accepts(authority: authority) else {
            throw ErrorBody(
                status: 403, type: "permission_error", code: "host_not_allowed",
                message: "the Host of the request is not among ORCH_ALLOWED_HOSTS")
        }
        if let origin = head.headerFields[.origin], !hosts.accepts(origin: origin) {
            throw ErrorBody(
                status: 403, type: "permission_error", code: "origin_not_allowed",
                message: "the Origin of the request is not among ORCH_ALLOWED_HOSTS")
        }
    }

    private func authenticate(_ head: HTTPRequest, from address: String) throws(ErrorBody) -> Caller {
        let presented = head.headerFields[.authorization].flatMap(Self.bearer)
        if let caller = presented.flatMap(tokens.caller(presenting:)) { return caller }
        guard isBearerRequired else { return .anonymous }
        if let wait = failures.record(from: address) {
            throw ErrorBody(
                status: 429, type: "rate_limit_error", code: "too_many_failed_logins",
                message: "too many requests with a wrong or missing token came from this address",
                retryAfter: max(1, ErrorTable.seconds(wait)))
        }
        throw ErrorBody(
            status: 401, type: "authentication_error", code: presented == nil ? "missing_token" : "invalid_token",
            message: presented == nil
                ? "send the token as \"Authorization: Bearer …\"; the server's .env has it as ORCH_BEARER_TOKEN"
                : "the token is not one of the server's")
    }

    private func limit(_ caller: Caller, from address: String, _ headers: inout HTTPFields) throws(ErrorBody) {
        let key = caller == .anonymous ? "address:\(address)" : "caller:\(caller.name)"
        guard let verdict = limiter?.take(key) else { return }
        headers[.rateLimit] = String(verdict.limit)
        headers[.rateRemaining] = String(verdict.remaining)
        headers[.rateReset] = verdict.reset.resetText
        guard !verdict.isAllowed else { return }
        throw ErrorBody(
            status: 429, type: "rate_limit_error", code: "rate_limit_exceeded",
            message: "too many requests: the limit is \(verdict.limit) (ORCH_RATE_LIMIT)",
            retryAfter: max(1, ErrorTable.seconds(verdict.retryAfter)))
    }

    private static func bearer(_ field: String) -> Substring? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return Substring(parts[1].drop(while: { $0 == " " }))
    }
}
