/// What looks for one kind of thing: where to look, and the exact step that decides.
struct Detector: Sendable {
    let id: String
    let kind: DetectorKind
    /// What a finding gets if the exact step says nothing else.
    let confidence: UInt8
    let triggers: [Trigger]

    init(_ id: String, _ kind: DetectorKind, confidence: UInt8 = Confidence.strong, _ triggers: [Trigger]) {
        self.id = id
        self.kind = kind
        self.confidence = confidence
        self.triggers = triggers
    }
}

/// Where a detector looks, and what it does there.
enum Trigger: Sendable {
    /// Wherever this literal stands, in any case. The hit is the literal's range.
    case literal([UInt8], Matcher)
    /// Wherever a word stands that has a digit in it. The hit is the word's range.
    case word(WordForm, Matcher)
    /// At every `@`.
    case atSign(Matcher)
    /// At every colon that may be part of an address, and at the first dash of six pairs of hexadecimal digits.
    case address(Matcher)
    /// Wherever words and separators have the form of a pattern.
    case format(Format)

    static func literal(_ text: String, _ matcher: @escaping Matcher) -> Trigger {
        .literal(text.utf8.map(Byte.lowercased), matcher)
    }
}

/// What a word must be like for a rule to be asked: the cheap part of its exact step.
struct WordForm: Sendable {
    let lengths: ClosedRange<Int>
    /// Whether its first byte must be a digit, or must be none; nil is either.
    let isDigit: Bool?

    init(lengths: ClosedRange<Int>, isDigit: Bool? = nil) {
        self.lengths = lengths
        self.isDigit = isDigit
    }

    @inline(__always)
    func admits(_ length: Int, startsWithDigit: Bool) -> Bool {
        length >= lengths.lowerBound && length <= lengths.upperBound && isDigit ?? startsWithDigit == startsWithDigit
    }
}

/// The exact step: looks at the text around a hit, and reports what it finds.
typealias Matcher = @Sendable (_ text: inout Probe, _ hit: Range<Int>, _ report: inout Report) -> Void

/// Takes what the exact steps find.
struct Report {
    fileprivate(set) var candidates: [Candidate] = []
    /// The detector whose turn it is.
    var detector: Int32 = 0
    /// Its confidence.
    var confidence: UInt8 = 0
    /// The least confidence that is kept, by detector.
    var minimums: [UInt8] = []
    /// The least that is kept of any.
    var minimum: UInt8 = 0
    /// Findings that begin in front of this are left out, in whole texts as in streams, which have let go of it: the
    /// anchor less ``Reach/start``.
    var floor = 0
    /// Runs of bytes that were measured last.
    var valueRun = RunCache()
    var addressRun = RunCache()

    mutating func add(_ range: Range<Int>, confidence: UInt8? = nil) {
        let confidence = confidence ?? self.confidence
        guard range.lowerBound >= floor, confidence >= max(minimum, minimums[Int(detector)]), !range.isEmpty else {
            return
        }
        candidates.append(Candidate(range, detector: detector, confidence: confidence))
    }

    /// Takes back what was added behind the first `count`.
    mutating func cut(to count: Int) {
        candidates.removeLast(candidates.count - count)
    }

    mutating func removeFirst(_ count: Int) {
        candidates.removeFirst(count)
    }

    /// Counts from another place of the text.
    mutating func shift(by count: Int) {
        for index in candidates.indices {
            candidates[index].start -= count
            candidates[index].end -= count
        }
        valueRun = RunCache()
        addressRun = RunCache()
    }

    /// By start, the longer first, then by place in the catalogue: an order that leaves nothing open.
    private static func isBefore(_ one: Candidate, _ other: Candidate) -> Bool {
        if one.start != other.start { return one.start < other.start }
        if one.end != other.end { return one.end > other.end }
        return one.detector < other.detector
    }

    mutating func sort() {
        for index in candidates.indices.dropFirst() where Self.isBefore(candidates[index], candidates[index - 1]) {
            return candidates.sort(by: Self.isBefore)
        }
    }
}
