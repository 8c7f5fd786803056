/// One possible merge, packed: its rank in the high half, the id that it makes in the low one. Less is earlier.
enum Merge {
    /// Two tokens that do not merge.
    static let none = UInt64.max

    /// Stands in a piece for a byte that has no token; never merges, and is left out of what is encoded.
    static let hole: UInt32 = 0xFFFF_FFFE

    /// Pieces up to so many bytes are merged by looking through them; their scratch fits on the stack (below 1 KiB).
    static let smallLimit = 60
}

/// Takes tokens as they are found.
protocol TokenSink {
    /// - Parameters:
    ///   - id: The token.
    ///   - end: The offset in the text after it.
    mutating func append(_ id: UInt32, end: Int)
}

/// Counts tokens.
struct CountingSink: TokenSink {
    var count = 0

    @inline(__always)
    mutating func append(_ id: UInt32, end: Int) { count += 1 }
}

/// Counts tokens and keeps the last.
struct SingleSink: TokenSink {
    var count = 0
    var id: UInt32 = 0

    @inline(__always)
    mutating func append(_ id: UInt32, end: Int) {
        count += 1
        self.id = id
    }
}

/// Keeps the ids.
struct ArraySink: TokenSink {
    var ids: [Int] = []

    @inline(__always)
    mutating func append(_ id: UInt32, end: Int) { ids.append(Int(id)) }
}

/// Hands on ids and ends.
struct ClosureSink: TokenSink {
    let each: (_ id: Int, _ byteEnd: Int) -> Void

    @inline(__always)
    mutating func append(_ id: UInt32, end: Int) { each(Int(id), end) }
}
