/// Makes of candidates that may overlap the findings that do not.
///
/// Candidates come ordered by start, the longer first, then by their detectors' places. Those that overlap become one:
/// it covers all of them and has the name of the one that ranks first — a secret before personal data, then the higher
/// confidence, then the longer, then the earlier in the catalogue. Two exceptions: a candidate of weak confidence never
/// widens a better one of its kind, and one that begins more than `mergeable` bytes behind the first is cut where that
/// ends. So a chain of overlaps of any length is decided piece by piece, and a stream can do so too.
struct Resolver {
    static let mergeable = 1024

    private let isSecret: [Bool]
    /// The finding that later candidates may still change.
    private(set) var open: Candidate?
    /// The length of the candidate whose name it has.
    private var openLength = 0
    /// Where the last finding that was given out ends.
    private var lastEnd = 0

    init(_ catalogue: Catalogue) {
        isSecret = catalogue.detectors.map { $0.kind == .secret }
    }

    /// Takes the next candidate.
    ///
    /// - Returns: A finding that nothing can change any more.
    mutating func take(_ next: Candidate) -> Candidate? {
        guard var current = open else {
            open(next, from: lastEnd)
            return nil
        }
        guard next.start < current.end, next.start - current.start <= Self.mergeable else {
            lastEnd = current.end
            open = nil
            open(next, from: lastEnd)
            return current
        }
        let better = ranks(next, before: current)
        if min(next.confidence, current.confidence) <= Confidence.weak, next.confidence != current.confidence,
            isSecret[Int(next.detector)] == isSecret[Int(current.detector)]
        {
            if better { open(next, from: lastEnd) }
            return nil
        }
        if better {
            current.detector = next.detector
            current.confidence = next.confidence
            openLength = next.end - next.start
        }
        current.end = max(current.end, next.end)
        open = current
        return nil
    }

    /// The open finding, where no candidate from `settled` on can change it.
    mutating func close(before settled: Int = .max) -> Candidate? {
        guard let current = open, current.end <= settled || current.start + Self.mergeable < settled else { return nil }
        lastEnd = current.end
        open = nil
        return current
    }

    /// Counts from another place of the text.
    mutating func shift(by count: Int) {
        open?.start -= count
        open?.end -= count
        lastEnd -= count
    }

    private mutating func open(_ candidate: Candidate, from start: Int) {
        var candidate = candidate
        candidate.start = max(candidate.start, start)
        guard candidate.end > candidate.start else { return }
        open = candidate
        openLength = candidate.end - candidate.start
    }

    private func ranks(_ next: Candidate, before current: Candidate) -> Bool {
        let secrets = (isSecret[Int(next.detector)], isSecret[Int(current.detector)])
        if secrets.0 != secrets.1 { return secrets.0 }
        if next.confidence != current.confidence { return next.confidence > current.confidence }
        let length = next.end - next.start
        if length != openLength { return length > openLength }
        return next.detector < current.detector
    }
}
