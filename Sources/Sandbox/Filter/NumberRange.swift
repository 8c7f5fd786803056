/// Numbers of system calls that share a verdict, from one on up to the start of the next range.
struct NumberRange: Sendable, Hashable {
    let start: UInt32
    let verdict: FilterVerdict
}

extension NumberRange {
    /// All numbers, in order. Those that the verdicts leave out are absent; those of a foreign interface,
    /// which lie above the others, end a process.
    static func all(_ verdicts: [UInt32: FilterVerdict], foreign: [ClosedRange<UInt32>]) -> [NumberRange] {
        var ranges: [NumberRange] = []
        func begin(_ start: UInt32, _ verdict: FilterVerdict) {
            if ranges.last?.verdict != verdict { ranges.append(NumberRange(start: start, verdict: verdict)) }
        }
        var next: UInt32 = 0
        for (number, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
            if number > next { begin(next, .fails(.absent)) }
            begin(number, verdict)
            next = number + 1
        }
        begin(next, .fails(.absent))
        for range in foreign {
            begin(range.lowerBound, .killed)
            begin(range.upperBound + 1, .fails(.absent))
        }
        return ranges
    }
}
