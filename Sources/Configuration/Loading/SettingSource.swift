/// Where an effective value comes from.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// An option of the command.
    case arguments
    /// The environment of the process.
    case environment
    /// The .env file.
    case dotEnv(line: Int)
    /// The default; where it was worked out from something else, from what.
    case standard(follows: String?)

    package var description: String {
        switch self {
        case .arguments: "command line"
        case .environment: "environment"
        case .dotEnv(let line): ".env line \(line)"
        case .standard(nil): "default"
        case .standard(.some(let name)): "default, follows \(name)"
        }
    }

    /// Whether somebody set the value.
    package var isExplicit: Bool {
        if case .standard = self { return false }
        return true
    }
}
