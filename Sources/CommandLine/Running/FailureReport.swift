import ArgumentParser
import OrchApprovals
import OrchConfiguration
import OrchCore
import OrchOrchestrator
import OrchReceipts

/// An error as the command line tells it.
struct FailureReport {
    let status: ExitStatus
    /// nil where nothing is left to say.
    let message: String?
    /// An error that the argument parser tells itself.
    private let passedOn: (any Error)?

    init(_ error: any Error) {
        passedOn = error is ExitCode || error is CleanExit || error is ValidationError ? error : nil
        switch error {
        case let error as ConfigurationError:
            (status, message) = (.configuration, error.message)
        case let error as CommandFailure:
            (status, message) = (error.status, error.message)
        case let error as ReceiptError:
            (status, message) = (error.code == .unreadable ? .malformedData : .unavailable, error.message)
        case let error as PipelineError:
            let isMissing = error.code == .modelNotFound || error.code == .notFound
            (status, message) = (isMissing ? .notFound : .malformedData, error.message)
        case let error as ApprovalError:
            (status, message) = (Self.status(of: error), error.message)
        case let error as SourceTreeError:
            (status, message) = (error.code == .notAFolder ? .notFound : .unavailable, error.message)
        case let failure as TracedFailure:
            let trace = failure.traceID.map { " (trace \($0))" } ?? ""
            (status, message) = (.failure, failure.error.message + trace)
        case let error as any CodedError:
            (status, message) = (.failure, error.message)
        case is Terminal.Closed:
            (status, message) = (.brokenOutput, nil)
        case is CancellationError:
            (status, message) = (.failure, "interrupted")
        default:
            (status, message) = (.failure, String(describing: error))
        }
    }

    private static func status(of error: ApprovalError) -> ExitStatus {
        switch error.code {
        case .notFound: .notFound
        case .notPending, .selfApproval, .noOperators: .failure
        default: .unavailable
        }
    }

    /// Prints the message and gives the error that ends the program with the right status.
    func show(on terminal: Terminal) -> any Error {
        if let passedOn { return passedOn }
        if let message {
            let err = terminal.standardError
            // Where standard error is gone too, the status is all that can be said.
            try? err.write(err.palette.paint("orch:", .red) + " \(Visible.text(message))\n")
        }
        return ExitCode(status.rawValue)
    }
}
