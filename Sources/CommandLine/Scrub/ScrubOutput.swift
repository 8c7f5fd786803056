import OrchPrivacy

/// What `orch scrub` writes for a text that comes in pieces.
protocol ScrubOutput {
    /// Takes the next piece, and adds to `output` what is sure by now. That holds also where it throws.
    mutating func push(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) throws
    /// Adds the rest.
    mutating func finish(into output: inout [UInt8]) throws
}

/// The text without what was found.
struct ScrubbedText: ScrubOutput {
    private var scrubber: StreamingScrubber

    init(_ scrubber: Scrubber) {
        self.scrubber = StreamingScrubber(scrubber)
    }

    mutating func push(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        scrubber.push(piece, into: &output)
        // Nobody asks for them, and they would grow with the text.
        _ = scrubber.takeFindings()
    }

    mutating func finish(into output: inout [UInt8]) {
        scrubber.finish(into: &output)
    }
}

/// A line for each finding: id, start, end in Unicode scalars of the whole text, confidence, with tabs between them.
struct FindingLines: ScrubOutput {
    private var scrubber: StreamingScrubber
    private var counter = ScalarCounter()
    private var byteCount = 0
    /// The scrubbed text, which nobody reads.
    private var text: [UInt8] = []

    init(_ scrubber: Scrubber) {
        self.scrubber = StreamingScrubber(scrubber)
    }

    mutating func push(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        counter.append(piece)
        byteCount += piece.count
        scrubber.push(piece, into: &text)
        writeFindings(to: &output)
        // No later finding begins in front of what is held back.
        counter.scalars(before: byteCount - scrubber.heldBack)
    }

    mutating func finish(into output: inout [UInt8]) {
        scrubber.finish(into: &text)
        writeFindings(to: &output)
    }

    private mutating func writeFindings(to output: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        for finding in scrubber.takeFindings() {
            let start = counter.scalars(before: finding.range.lowerBound)
            let end = counter.scalars(before: finding.range.upperBound)
            output.append(contentsOf: "\(finding.id)\t\(start)\t\(end)\t\(finding.confidence)\n".utf8)
        }
    }
}
