import OrchCore

/// Why a command cannot do what it was asked to.
struct CommandFailure: CodedError, Equatable {
    let status: ExitStatus
    let message: String

    var codeName: String { "\(status)" }

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}
