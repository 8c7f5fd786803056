/// Everything that a configuration is made from, as values. Reading them from the system is `SystemInputs`.
package struct ConfigurationInputs: Sendable {
    /// Options of the command by the names of their settings; they win over all else.
    package var arguments: [String: String]
    /// The environment of the process; it wins over .env.
    package var environment: [String: String]
    /// The text of the .env file, where there is one.
    package var dotEnv: String?

    package init(arguments: [String: String] = [:], environment: [String: String] = [:], dotEnv: String? = nil) {
        self.arguments = arguments
        self.environment = environment
        self.dotEnv = dotEnv
    }
}

extension ConfigurationInputs: CustomStringConvertible, CustomReflectable {
    /// Says how much there is, since all of it may be secret.
    package var description: String {
        "\(arguments.count) arguments, \(environment.count) variables, \(dotEnv == nil ? "no .env" : "a .env")"
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
