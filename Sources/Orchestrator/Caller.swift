/// Who asks: the name of the token, never the token.
package struct Caller: Sendable, Hashable {
    package var name: String
    package var isOperator: Bool

    package init(name: String, isOperator: Bool) {
        self.name = name
        self.isOperator = isOperator
    }

    /// Whoever runs the program's own commands: who may read the instance folder is an operator.
    package static let commandLine = Caller(name: "command_line", isOperator: true)

    /// The caller where no bearer is required.
    package static let anonymous = Caller(name: "anonymous", isOperator: false)
}
