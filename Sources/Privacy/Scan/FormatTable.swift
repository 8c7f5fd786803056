/// All detectors' formats by their signatures.
struct FormatTable: Sendable {
    struct Entry: Sendable {
        let format: Format
        let detector: Int32
        let confidence: UInt8
    }

    /// The most bytes of a form, and the most words.
    static let maximumBytes = 40
    static let maximumWords = 7

    private let slots: [UInt64]
    private let starts: [Int32]
    private let counts: [Int32]
    private let entries: [Entry]
    private let mask: Int
    /// Bits of the signatures that forms have behind each separator: most words are done where theirs is not among
    /// them.
    private let beginnings: [UInt64]

    init(_ all: [Entry]) {
        var groups: [UInt64: [Entry]] = [:]
        for entry in all { groups[entry.format.signature, default: []].append(entry) }
        var capacity = 64
        while capacity < groups.count * 4 { capacity *= 2 }
        var slots = [UInt64](repeating: 0, count: capacity)
        var starts = [Int32](repeating: 0, count: capacity)
        var counts = [Int32](repeating: 0, count: capacity)
        var entries: [Entry] = []
        for signature in groups.keys.sorted() {
            let group = groups[signature] ?? []
            var slot = Self.slot(signature, capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = signature
            starts[slot] = Int32(entries.count)
            counts[slot] = Int32(group.count)
            entries += group
        }
        var beginnings = [UInt64](repeating: 0, count: 64)
        for signature in all.flatMap(\.format.beginnings) {
            let bit = Self.slot(signature, 4095)
            beginnings[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        self.beginnings = beginnings
        self.slots = slots
        self.starts = starts
        self.counts = counts
        self.entries = entries
        mask = capacity - 1
    }

    /// Whether a form may go on behind what has this signature, a separator at its end.
    @inline(__always)
    func mayGoOn(_ signature: UInt64) -> Bool {
        let bit = Self.slot(signature, 4095)
        return beginnings[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }

    /// Tries every format of this signature on a range that has its form.
    @inline(__always)
    func match(
        _ signature: UInt64, _ range: Range<Int>, _ content: Format.Content, hasSmall: Bool, _ text: inout Probe,
        _ report: inout Report
    ) {
        var slot = Self.slot(signature, mask)
        while slots[slot] != 0 {
            if slots[slot] == signature {
                let start = Int(starts[slot])
                for index in start..<start + Int(counts[slot]) {
                    decide(entries[index], range, content, hasSmall, &text, &report)
                }
                return
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(never)
    private func decide(
        _ entry: Entry, _ range: Range<Int>, _ content: Format.Content, _ hasSmall: Bool, _ text: inout Probe,
        _ report: inout Report
    ) {
        let format = entry.format
        guard format.anyCase || !hasSmall, format.validate(content) else { return }
        var confidence = entry.confidence
        if let context = format.context {
            if !context.stand(before: range.lowerBound, behind: range.upperBound, in: &text) {
                guard !format.needsContext else { return }
                confidence = format.weak ?? confidence
            } else if format.weak != nil {
                confidence = max(confidence, Confidence.likely)
            }
        } else if let weak = format.weak {
            confidence = weak
        }
        report.detector = entry.detector
        report.add(range, confidence: confidence)
    }

    @inline(__always)
    private static func slot(_ signature: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (signature &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    }
}
