/// A text of the command line, where `-` stands for standard input.
enum TextArgument {
    /// The most that is read from standard input.
    static let maximumBytes = 1_048_576

    static func text(_ argument: String, in session: Session) async throws -> String {
        guard argument == "-" else { return argument }
        var text = ""
        var isFirst = true
        while let line = try await session.terminal.standardInput.nextLine() {
            text += isFirst ? line : "\n" + line
            isFirst = false
            guard text.utf8.count <= maximumBytes else {
                throw CommandFailure(.malformedData, "the input is longer than \(maximumBytes) bytes")
            }
        }
        return text
    }
}
