/// Where commands print and read; tests give them another one.
struct Terminal: Sendable {
    var standardOutput: Output
    var standardError: Output
    var standardInput: Input

    /// The terminal of the command that runs.
    @TaskLocal static var current = Terminal.system

    /// Somewhere to print to.
    struct Output: Sendable {
        var isTerminal: Bool
        var palette: Palette
        /// Throws ``Closed`` when nobody reads any more.
        var write: @Sendable (_ text: String) throws -> Void

        init(isTerminal: Bool, palette: Palette = .plain, write: @escaping @Sendable (_ text: String) throws -> Void) {
            self.isTerminal = isTerminal
            self.palette = palette
            self.write = write
        }

        /// Writes a text that others made: on a terminal without what would steer it, else as it is.
        func write(foreign text: String) throws {
            try write(isTerminal ? Visible.text(text) : text)
        }
    }

    /// Lines to read.
    struct Input: Sendable {
        var isTerminal: Bool
        /// nil at the end.
        var nextLine: @Sendable () async throws -> String?
    }

    /// The other end has gone: nothing that is written arrives.
    struct Closed: Error {}
}
