/// A simple pattern: a row of byte classes, each with how often it comes.
///
/// Each class takes as many bytes as it can and gives none back, so that a match takes one pass. Shapes are written so
/// that this finds what a backtracking pattern would: a class with an open count stands in front of bytes that it does
/// not hold, or at the end.
struct Shape: Sendable {
    struct Part: Sendable, Equatable {
        var set: ByteSet
        var minimum: Int
        var maximum: Int
    }

    let parts: [Part]
    /// Bytes of classes that may be long. Where one of them stands in front of a match, it is the middle of something:
    /// following it from every such place would take quadratic time.
    let longSet: ByteSet
    /// How long matches can be.
    let lengths: ClosedRange<Int>

    init(parts: [Part]) {
        self.parts = parts
        var longSet = ByteSet()
        for part in parts where part.maximum > 128 { longSet.formUnion(part.set) }
        self.longSet = longSet
        lengths = parts.reduce(0) { $0 + $1.minimum }...parts.reduce(0) { $0 + $1.maximum }
    }

    /// The end of the match that begins here.
    func end(in text: inout Probe, from start: Int) -> Int? {
        var index = start
        for part in parts {
            let end = text.end(of: part.set, from: index, limit: part.maximum)
            guard end - index >= part.minimum else { return nil }
            index = end
        }
        return index
    }

    /// Bytes that the last class holds: where one of them follows, the match was cut off by its maximum.
    var lastSet: ByteSet { parts.last?.set ?? ByteSet() }

    /// How many bytes the parts in front of a place take, where their counts are fixed.
    func fixedLength(upTo place: Int) -> Int? {
        var length = 0
        for part in parts[..<place] {
            guard part.minimum == part.maximum else { return nil }
            length += part.minimum
        }
        return length
    }
}
