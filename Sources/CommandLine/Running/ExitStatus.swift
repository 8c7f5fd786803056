/// What the program's exit status means. The numbers above 1 are those of sysexits.h.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    /// The command ran, and what it looked at is not in order or did not work.
    case failure = 1
    case usage = 64
    case malformedData = 65
    case notFound = 66
    case unavailable = 69
    case internalFault = 70
    case cannotWrite = 73
    case brokenOutput = 74
    case configuration = 78

    var meaning: String {
        switch self {
        case .success: "all is well"
        case .failure: "it failed, or a check found something"
        case .usage: "the command line is wrong"
        case .malformedData: "a file, a body or a stored record is not in its format"
        case .notFound: "there is no such file, trace, tool, agent or model"
        case .unavailable: "a part that is needed is off or cannot be used"
        case .internalFault: "a fault of the program"
        case .cannotWrite: "a file cannot be written"
        case .brokenOutput: "reading or writing broke off"
        case .configuration: "the configuration is refused"
        }
    }

    /// A line for each, for the help.
    static let listing = allCases.map { "  \($0.rawValue < 10 ? " " : "")\($0.rawValue)  \($0.meaning)" }
        .joined(separator: "\n")
}
