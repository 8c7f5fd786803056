import OrchApprovals
import OrchCore
import OrchOrchestrator
import OrchProviders
import OrchReceipts

/// The one place that says which failure is which HTTP answer.
enum ErrorTable {
    static func body(for error: any Error) -> ErrorBody {
        switch error {
        case let error as ErrorBody: error
        case let error as TracedFailure: body(for: error.error)
        case let error as PipelineError: body(error)
        case let error as ProviderError: body(error)
        case let error as EmbeddingError: body(error)
        case let error as ApprovalError: body(error)
        case let error as ReceiptError:
            ErrorBody(
                status: 503, type: "service_unavailable", code: "receipts_unavailable",
                message: "receipts do not work now, so nothing is answered: \(error.message)", retryAfter: 1)
        case is CancellationError:
            ErrorBody(status: 503, type: "service_unavailable", code: "cancelled", message: "the request was cancelled")
        default:
            ErrorBody(
                status: 500, type: "server_error", code: "internal_error",
                message: "the server failed in a way that it should not; its log names the request")
        }
    }

    private static func body(_ error: PipelineError) -> ErrorBody {
        let (status, type): (Int, String) =
            switch error.code {
            case .modelNotFound, .notFound: (404, "invalid_request_error")
            case .operatorRequired: (403, "permission_error")
            default: (400, "invalid_request_error")
            }
        return ErrorBody(
            status: status, type: type, code: error.codeName, message: error.message, parameter: error.parameter)
    }

    private static func body(_ error: EmbeddingError) -> ErrorBody {
        let isTooLarge = error.code == .inputTooLarge
        return ErrorBody(
            status: isTooLarge ? 400 : 503, type: isTooLarge ? "invalid_request_error" : "service_unavailable",
            code: error.codeName, message: error.message, parameter: isTooLarge ? "input" : nil,
            retryAfter: error.code == .queueFull ? 1 : nil)
    }

    private static func body(_ error: ApprovalError) -> ErrorBody {
        let (status, type): (Int, String) =
            switch error.code {
            case .notFound: (404, "invalid_request_error")
            case .notPending: (409, "invalid_request_error")
            case .selfApproval, .noOperators: (403, "permission_error")
            default: (503, "service_unavailable")
            }
        return ErrorBody(
            status: status, type: type, code: error.codeName, message: error.message,
            retryAfter: error.code == .queueFull ? 60 : error.code == .unavailable ? 1 : nil)
    }

    private static func body(_ error: ProviderError) -> ErrorBody {
        let (status, type): (Int, String) =
            switch error.code {
            case .networkDisabled, .circuitOpen, .notReady, .cancelled: (503, "service_unavailable")
            case .notAllowlisted: (403, "permission_error")
            case .rejectedRequest, .unsupported: (400, "invalid_request_error")
            case .rateLimited: (429, "rate_limit_error")
            case .timedOut: (504, "provider_error")
            default: (502, "provider_error")
            }
        let mustSayWhen = status == 503 || status == 429
        return ErrorBody(
            status: status, type: type, code: error.codeName, message: error.message, parameter: error.parameter,
            retryAfter: error.retryAfter.map(seconds) ?? (mustSayWhen ? 1 : nil))
    }

    /// Rounded up, so that a retry at that moment is not too early.
    static func seconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) + (duration.components.attoseconds > 0 ? 1 : 0)
    }
}
