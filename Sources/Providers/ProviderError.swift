import OrchCore
package import OrchEgress

/// A model call that came to nothing.
package struct ProviderError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case networkDisabled = "llm_network_disabled"
            case refusedByPolicy = "egress_refused"
            case notAllowlisted = "model_not_allowlisted"
            case unreachable = "provider_unreachable"
            case timedOut = "provider_timeout"
            case rejectedRequest = "provider_rejected_request"
            case rejectedKey = "provider_rejected_key"
            case rateLimited = "provider_rate_limited"
            case failed = "provider_failed"
            case malformedAnswer = "provider_malformed_answer"
            case unsupported = "unsupported_by_provider"
            case circuitOpen = "circuit_open"
            case notReady = "model_server_not_ready"
            case cancelled
        }
        private let value: Value
        /// ORCH_LLM_NETWORK_ENABLED is off.
        package static let networkDisabled = Code(value: .networkDisabled)
        package static let refusedByPolicy = Code(value: .refusedByPolicy)
        package static let notAllowlisted = Code(value: .notAllowlisted)
        /// No connection, or it broke off.
        package static let unreachable = Code(value: .unreachable)
        package static let timedOut = Code(value: .timedOut)
        /// The server found fault with the request itself; another try would end the same.
        package static let rejectedRequest = Code(value: .rejectedRequest)
        package static let rejectedKey = Code(value: .rejectedKey)
        package static let rateLimited = Code(value: .rateLimited)
        /// The server says that it failed.
        package static let failed = Code(value: .failed)
        package static let malformedAnswer = Code(value: .malformedAnswer)
        /// The request asks for what this kind of server cannot do.
        package static let unsupported = Code(value: .unsupported)
        package static let circuitOpen = Code(value: .circuitOpen)
        /// The managed model server is starting or restarting.
        package static let notReady = Code(value: .notReady)
        /// The caller went away.
        package static let cancelled = Code(value: .cancelled)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    /// The request's field at fault, for ``Code/unsupported``.
    package var parameter: String?
    /// When to try again, where somebody said so.
    package var retryAfter: Duration?
    /// Whether another try may end otherwise.
    package var isRetryable = false
    /// The connection that was made, or refused, for the call.
    package var connection: ConnectionRecord?
    package var codeName: String { code.name }

    package init(
        _ code: Code, _ message: String, parameter: String? = nil, retryAfter: Duration? = nil,
        isRetryable: Bool = false
    ) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryAfter = retryAfter
        self.isRetryable = isRetryable
    }

    /// Whether it speaks against the server's health, so that the breaker counts it and a fallback may take over.
    package var isOutage: Bool {
        switch code {
        case .unreachable, .timedOut, .rateLimited, .failed, .malformedAnswer, .circuitOpen, .notReady, .rejectedKey:
            true
        default: false
        }
    }

    /// Whether the server had a part in it: a call that our side refused or gave up says nothing of its health.
    package var tellsOfServer: Bool {
        switch code {
        case .cancelled, .unsupported, .refusedByPolicy, .networkDisabled, .notAllowlisted, .circuitOpen, .notReady:
            false
        default: true
        }
    }

    /// What an exchange's failure means for the call.
    package init(_ error: OutboundError) {
        switch error.code {
        case .refusedByPolicy: self.init(.refusedByPolicy, error.message)
        case .timedOut: self.init(.timedOut, "the model server did not answer in time")
        case .cancelled: self.init(.cancelled, "the call was cancelled")
        case .malformedAnswer: self.init(.malformedAnswer, "the model server's answer is not HTTP as expected")
        case .tooLarge: self.init(.malformedAnswer, "the model server's answer is too large")
        case .connectFailed, .unresolvable:
            self.init(.unreachable, "the model server cannot be reached", isRetryable: true)
        case .poolExhausted:
            self.init(.failed, "too many calls to the model server are under way", retryAfter: .seconds(1))
        default: self.init(.unreachable, "the model server closed the connection before its answer was complete")
        }
        connection = error.connection
    }

    /// What an answer's status means; nil for success.
    ///
    /// - Parameter detail: The server's own word for the fault; used only if it is a plain identifier.
    package init?(status: Int, retryAfter: Duration?, detail: String?) {
        let word = detail.flatMap(Self.identifier).map { ", \($0)" } ?? ""
        switch status {
        case 200..<300:
            return nil
        case 401, 403:
            self.init(
                .rejectedKey, "the model server refused our credentials (HTTP \(status)): check ORCH_OPENAI_API_KEY")
        case 408:
            self.init(.timedOut, "the model server timed out (HTTP 408)", isRetryable: true)
        case 429:
            self.init(
                .rateLimited, "the model server is limiting requests (HTTP 429)", retryAfter: retryAfter,
                isRetryable: true)
        case 400..<500:
            self.init(.rejectedRequest, "the model server rejected the request (HTTP \(status)\(word))")
        case 501:
            self.init(.unsupported, "the model server does not support this (HTTP 501\(word))")
        case 500...:
            self.init(
                .failed, "the model server failed (HTTP \(status)\(word))", retryAfter: retryAfter, isRetryable: true)
        default:
            self.init(.malformedAnswer, "the model server answered with HTTP \(status)")
        }
    }

    private static func identifier(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        return isPlain && (1...48).contains(text.utf8.count) ? text : nil
    }
}
