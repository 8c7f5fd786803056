/// Who asks: the name of the token, never the token.
package struct Caller: Sendable, Hashable {
    package var name: String
    package var isOperator: Bool

    package init(name: String, isOperator: Bool) {
        self.name = name
        self.isOperator = isOperator
    }

    /// The caller where no bearer is required.
    package static let anonymous = Caller(name: "anonymous", isOperator: false)
}
