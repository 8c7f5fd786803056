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
        var writeBytes: @Sendable (_ bytes: [UInt8]) throws -> Void

        init(
            isTerminal: Bool, palette: Palette = .plain,
            writeBytes: @escaping @Sendable (_ bytes: [UInt8]) throws -> Void
        ) {
            self.isTerminal = isTerminal
            self.palette = palette
            self.writeBytes = writeBytes
        }

        /// Throws ``Closed`` when nobody reads any more.
        func write(_ text: String) throws {
            try writeBytes(Array(text.utf8))
        }

        /// Writes a text that others made: on a terminal without what would steer it, else as it is.
        func write(foreign text: String) throws {
            try write(isTerminal ? Visible.text(text) : text)
        }
    }

    /// Lines to read, or bytes.
    struct Input: Sendable {
        var isTerminal: Bool
        /// nil at the end.
        var nextLine: @Sendable () async throws -> String?
        /// The bytes that come next, as many as there are at the moment; nil at the end.
        var nextPiece: @Sendable () async throws -> [UInt8]?
    }

    /// The other end has gone: nothing that is written arrives.
    struct Closed: Error {}
}
