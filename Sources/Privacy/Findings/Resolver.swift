/// Makes of candidates that may overlap the findings that do not.
///
/// Candidates come ordered by start, the longer first, then by their detectors' places. Those that overlap become one:
/// it covers all of them and has the name of the one that ranks first — a secret before personal data, then the higher
/// confidence, then the longer, then the earlier in the catalogue. Two exceptions: a candidate of weak confidence never
/// widens a better one, and nothing grows beyond `maximumBytes`; what goes on behind is a finding of its own.
struct Resolver {
    static let maximumBytes = 16 * 1024

    private let isSecret: [Bool]
    /// The finding that later candidates may still change.
    private(set) var open: Candidate?
    /// The length of the candidate whose name it has.
    private var openLength = 0

    init(_ catalogue: Catalogue) {
        isSecret = catalogue.detectors.map { $0.kind == .secret }
    }

    /// Takes the next candidate.
    ///
    /// - Returns: A finding that nothing can change any more.
    mutating func take(_ next: Candidate) -> Candidate? {
        guard var current = open, next.start < current.end else {
            let done = open
            open(next)
            return done
        }
        let better = ranks(next, before: current)
        let weakest = min(next.confidence, current.confidence)
        if weakest <= Confidence.weak, next.confidence != current.confidence,
            isSecret[Int(next.detector)] == isSecret[Int(current.detector)]
        {
            if better { open(next) }
            return nil
        }
        let end = max(current.end, next.end)
        if end - current.start > Self.maximumBytes {
            let done = current
            var rest = next
            rest.start = current.end
            if rest.end > rest.start { open(rest) } else { return nil }
            return done
        }
        if better {
            current.detector = next.detector
            current.confidence = next.confidence
            openLength = next.end - next.start
        }
        current.end = end
        open = current
        return nil
    }

    /// The last finding, or the open one where everything up to `settled` is known.
    mutating func close(before settled: Int = .max) -> Candidate? {
        guard let current = open, current.end <= settled else { return nil }
        open = nil
        return current
    }

    /// Counts from another place of the text.
    mutating func shift(by count: Int) {
        open?.start -= count
        open?.end -= count
    }

    private mutating func open(_ candidate: Candidate) {
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
