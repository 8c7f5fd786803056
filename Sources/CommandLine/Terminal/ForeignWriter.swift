/// Writes a text that others made, piece by piece: on a terminal without what would steer it, else byte by byte as it
/// is.
struct ForeignWriter {
    private let output: Terminal.Output
    private let makeVisible: (String) -> String
    /// The beginning of a character whose rest has not come yet.
    private var rest: [UInt8] = []

    /// - Parameter makeVisible: What becomes of the text on a terminal: `Visible.text`, or `Visible.json`.
    init(_ output: Terminal.Output, makeVisible: @escaping (String) -> String = Visible.text) {
        self.output = output
        self.makeVisible = makeVisible
    }

    mutating func write(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        guard output.isTerminal else { return try output.writeBytes(bytes) }
        rest += bytes
        let end = rest.count - Self.unfinishedBytes(of: rest)
        guard end > 0 else { return }
        try output.write(makeVisible(String(decoding: rest[..<end], as: UTF8.self)))
        rest.removeFirst(end)
    }

    /// Writes what was held back.
    mutating func finish() throws {
        guard !rest.isEmpty else { return }
        try output.write(makeVisible(String(decoding: rest, as: UTF8.self)))
        rest = []
    }

    /// How many bytes at the end begin a character of UTF-8 that is not whole.
    private static func unfinishedBytes(of bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            // One that continues another.
            if byte & 0xC0 == 0x80 { continue }
            let width =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            return width > count ? count : 0
        }
        return 0
    }
}
