import OrchPrivacy

/// Looks for secrets in a text that comes in pieces, and says where they stand.
struct LeakScanner {
    private var scrubber: StreamingScrubber
    private var leaks: [Leak] = []
    /// The end of the text: what findings may still be reported in.
    private var kept: [UInt8] = []
    /// Where in the text `kept` begins.
    private var base = 0
    /// From 1, as is the column.
    private var line = 1
    private var column = 1
    /// How far these two are ahead of the beginning of `kept`.
    private var counted = 0
    private var scrubbed: [UInt8] = []

    /// - Parameter scrubber: For secrets alone; see ``Scrubber/forSecrets(_:)``.
    init(_ scrubber: Scrubber) {
        self.scrubber = StreamingScrubber(scrubber)
    }

    mutating func push(_ piece: UnsafeRawBufferPointer) {
        kept.append(contentsOf: piece)
        scrubber.push(piece, into: &scrubbed)
        collect()
        forget(kept.count - scrubber.heldBack)
    }

    /// The end of the text: what was found in all of it, in order.
    mutating func finish() -> [Leak] {
        scrubber.finish(into: &scrubbed)
        collect()
        return leaks
    }

    private mutating func collect() {
        scrubbed.removeAll(keepingCapacity: true)
        for finding in scrubber.takeFindings() {
            let start = finding.range.lowerBound - base
            advance(to: start)
            let secret = kept[start..<finding.range.upperBound - base]
            leaks.append(
                Leak(
                    detector: finding.id, line: line, column: column, confidence: finding.confidence,
                    fingerprint: Fingerprint(detector: finding.id, secret: secret)))
        }
    }

    private mutating func advance(to end: Int) {
        guard end > counted else { return }
        for byte in kept[counted..<end] { count(byte) }
        counted = end
    }

    private mutating func count(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    /// Lets go of what is in front of an offset of `kept`.
    private mutating func forget(_ end: Int) {
        guard end > 0 else { return }
        advance(to: end)
        kept.removeFirst(end)
        base += end
        counted -= end
    }
}

extension Scrubber {
    /// One that finds secrets and leaves personal data alone.
    ///
    /// - Parameter engine: What looks for literals.
    static func forSecrets(_ engine: any ScanEngine) throws(ScanEngineError) -> Scrubber {
        try Scrubber(engine: engine, options: Options(exempt: Scrubber.personalDetectors))
    }
}
