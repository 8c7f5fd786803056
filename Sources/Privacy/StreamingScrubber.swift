/// Scrubs a text that comes in pieces. However it is cut, what comes out is what the whole text gives.
///
/// Text is held back only as far as a finding may still begin in it: some hundred bytes, and up to 16 KiB while a
/// detector follows something long, as a private key.
package struct StreamingScrubber {
    private let scrubber: Scrubber
    private var resolver: Resolver
    private var report: Report
    private var hits: [LiteralHit] = []
    private var progress = Scanner.Progress()
    /// What has not been written out, and what detectors may still look back at.
    private var raw: [UInt8] = []
    private var text = NormalisedText()
    /// Where in `raw` the next byte to write out stands.
    private var written = 0
    /// The normalised bytes from which on another attempt is worth its time.
    private var nextAttempt = 0
    private var found: [Finding] = []
    /// Raw bytes of the stream in front of `raw`.
    private var dropped = 0

    package init(_ scrubber: Scrubber) {
        self.scrubber = scrubber
        resolver = Resolver(scrubber.catalogue)
        report = scrubber.scanner.newReport()
    }

    /// How many bytes are held back now.
    package var heldBack: Int { raw.count - written }

    /// Takes the next piece, and adds to `output` what is sure by now.
    package mutating func push(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        raw.append(contentsOf: piece)
        raw.withUnsafeBytes { text.append($0, isLast: false) }
        guard text.bytes.count >= nextAttempt else { return }
        advance(isLast: false, into: &output)
    }

    package mutating func push(_ piece: [UInt8], into output: inout [UInt8]) {
        piece.withUnsafeBytes { push($0, into: &output) }
    }

    /// Writes out the rest. The next piece begins another text.
    package mutating func finish(into output: inout [UInt8]) {
        raw.withUnsafeBytes { text.append($0, isLast: true) }
        advance(isLast: true, into: &output)
        let findings = found
        self = StreamingScrubber(scrubber)
        found = findings
    }

    /// What was found since the last call, with ranges in the whole text's bytes.
    package mutating func takeFindings() -> [Finding] {
        defer { found = [] }
        return found
    }

    private mutating func advance(isLast: Bool, into output: inout [UInt8]) {
        text.bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let window = Window(base: base, count: buffer.count, isOpen: !isLast, map: text.map)
            scrubber.scanner.scan(window, &progress, &report, &hits)
        }
        let settled = isLast ? Int.max : progress.settled
        report.sort()
        var taken = 0
        for candidate in report.candidates {
            guard candidate.start < settled else { break }
            taken += 1
            if let done = resolver.take(candidate) { write(done, into: &output) }
        }
        report.removeFirst(taken)
        if let done = resolver.close(before: settled) { write(done, into: &output) }

        let end = isLast ? raw.count : text.map.start(of: min(resolver.open?.start ?? settled, settled))
        if end > written {
            output.append(contentsOf: raw[written..<end])
            written = end
        }
        guard !isLast else { return }
        // A detector that waits is asked again when a fair part more has come, so that small pieces do not make it
        // look at the same bytes over and over.
        let waiting = text.bytes.count - min(progress.literals, progress.bytes)
        nextAttempt = text.bytes.count + min(waiting / 4, 512)
        forget()
    }

    private mutating func write(_ candidate: Candidate, into output: inout [UInt8]) {
        let finding = scrubber.finding(candidate, text.map)
        output.append(contentsOf: raw[written..<finding.range.lowerBound])
        output.append(contentsOf: scrubber.replacements[Int(candidate.detector)])
        written = finding.range.upperBound
        found.append(
            Finding(
                id: finding.id, kind: finding.kind,
                range: finding.range.lowerBound + dropped..<finding.range.upperBound + dropped,
                confidence: finding.confidence))
    }

    /// Drops what was written out and cannot be looked back at, in big steps.
    private mutating func forget() {
        let needed = min(progress.settled, resolver.open?.start ?? .max) - Reach.back
        guard needed > 2 * Reach.back else { return }
        let rawCount = text.drop(needed)
        raw.removeFirst(rawCount)
        written -= rawCount
        dropped += rawCount
        nextAttempt -= needed
        progress.literals -= needed
        progress.bytes -= needed
        resolver.shift(by: needed)
        report.shift(by: needed)
    }
}
