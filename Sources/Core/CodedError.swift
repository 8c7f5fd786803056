/// An error that crosses a module's boundary: a stable word for programs, and a message for people.
///
/// Neither part ever holds user text, secrets, prompts, or paths of the machine.
package protocol CodedError: Error, CustomStringConvertible {
    /// A stable, machine-readable word such as `invalid_json`.
    var codeName: String { get }
    /// What is wrong, where, and what to do; safe to show to a caller.
    var message: String { get }
}

extension CodedError {
    package var description: String { "\(codeName): \(message)" }
}
