/// Where arguments do not fit their schema, and what is wrong there; never a value.
package struct ArgumentViolation: Sendable, Hashable {
    /// Such as `args.items[2].name`. Names that the schema does not declare show as `*`.
    package let path: String
    /// Such as `must be a string`.
    package let problem: String

    init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }
}
