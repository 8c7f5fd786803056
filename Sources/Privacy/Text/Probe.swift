/// How far a detector may look. Together with `Resolver.mergeable` they keep what a stream holds back under 16 KiB.
enum Reach {
    /// Bytes in front of an anchor.
    static let back = 512
    /// Bytes from an anchor on.
    static let forward = 14 * 1024
    /// How far in front of its anchor's end a finding may begin.
    static let start = 384
}

/// A detector's view of the text around one anchor.
///
/// Reading outside of the view gives 0. Where the text may go on behind its end, the view remembers that somebody asked
/// for what is not there yet: the answer is then not to be trusted, and the question is asked again when there is more.
/// That one rule makes a streamed text give what the whole text gives.
struct Probe {
    private let base: UnsafePointer<UInt8>
    private let floor: Int
    private let end: Int
    private let isOpen: Bool
    /// Whether somebody asked for a byte that has not come yet.
    private(set) var ranOut = false

    /// - Parameters:
    ///   - isOpen: Whether the text may go on behind `end`.
    @inline(__always)
    init(_ base: UnsafePointer<UInt8>, floor: Int, end: Int, isOpen: Bool) {
        self.base = base
        self.floor = floor
        self.end = end
        self.isOpen = isOpen
    }

    subscript(_ index: Int) -> UInt8 {
        @inline(__always) mutating get {
            if index < end { return index >= floor ? base[index] : 0 }
            if isOpen { ranOut = true }
            return 0
        }
    }

    /// Whether there is a byte: tells a NUL of the text from none.
    @inline(__always)
    mutating func has(_ index: Int) -> Bool {
        if index < end { return index >= floor }
        if isOpen { ranOut = true }
        return false
    }

    /// The end of the run of bytes in the set that begins here, at most `limit` bytes further on.
    mutating func end(of set: borrowing ByteSet, from start: Int, limit: Int) -> Int {
        var index = start
        while index < start + limit, set.contains(self[index]), has(index) { index += 1 }
        return index
    }

    /// Whether these bytes stand here, whatever their case; the text given is in lower case.
    mutating func matches(_ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        for offset in 0..<count where Byte.lowercased(self[start + offset]) != text.utf8Start[offset] { return false }
        return true
    }

    mutating func skipSpaces(_ start: Int, limit: Int) -> Int {
        var index = start
        while index < start + limit, Byte.isSpace(self[index]) { index += 1 }
        return index
    }

    /// The bytes of a range that was read before.
    func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        let start = max(range.lowerBound, floor)
        return UnsafeBufferPointer(start: base + start, count: max(0, min(range.upperBound, end) - start))
    }
}
