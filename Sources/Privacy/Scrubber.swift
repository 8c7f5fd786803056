import OrchCore

/// Finds secrets and personal data in whole texts, and takes them out.
///
/// Made once; a value that may be used from several threads at a time.
///
///     let scrubber = try Scrubber(engine: PortableScanEngine())
///     let clean = scrubber.scrub(Array(text.utf8))
package struct Scrubber: Sendable {
    let catalogue: Catalogue
    let scanner: Scanner
    /// What stands in the place of each detector's findings.
    let replacements: [[UInt8]]
    package let options: Options

    package struct Options: Sendable {
        /// What stands in the place of a finding.
        package var replacement: Replacement
        /// Findings with less confidence are left out, from 0 to 1. With 0 everything is found that has the form of
        /// something, dates and ten digits in a row among it; 0.5 leaves what a check or words beside it confirm.
        package var minimumConfidence: Double
        /// Ids of detectors whose findings are left in the text.
        package var exempt: Set<String>

        package init(
            replacement: Replacement = .plain, minimumConfidence: Double = 0.5, exempt: Set<String> = []
        ) {
            self.replacement = replacement
            self.minimumConfidence = minimumConfidence
            self.exempt = exempt
        }
    }

    package init(engine: any ScanEngine, options: Options = Options()) throws(ScanEngineError) {
        try self.init(catalogue: .standard, engine: engine, options: options)
    }

    init(catalogue: Catalogue, engine: any ScanEngine, options: Options) throws(ScanEngineError) {
        self.init(
            catalogue: catalogue,
            scanner: try Scanner(catalogue, engine: engine, minimums: options.minimums(catalogue)),
            options: options)
    }

    private init(catalogue: Catalogue, scanner: Scanner, options: Options) {
        self.catalogue = catalogue
        self.scanner = scanner
        self.options = options
        replacements = catalogue.detectors.map { options.replacement.bytes(for: $0.id) }
    }

    /// Ids of the detectors of personal data, for ``Options/exempt``.
    package static let personalDetectors = Set(PersonalDetectors.all.map(\.id))

    /// The same with other options. Both share what the engine has built.
    package func with(_ options: Options) -> Scrubber {
        Scrubber(catalogue: catalogue, scanner: scanner.with(minimums: options.minimums(catalogue)), options: options)
    }

    /// The text with every finding replaced.
    package func scrub(_ text: String) -> String {
        var text = text
        let scrubbed = text.withUTF8 { utf8 -> [UInt8]? in
            let bytes = UnsafeRawBufferPointer(utf8)
            let findings = findings(in: bytes)
            return findings.isEmpty ? nil : replace(findings, in: Array(bytes))
        }
        return scrubbed.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// What the text holds: findings in order, none of which overlaps another.
    package func findings(in bytes: UnsafeRawBufferPointer) -> [Finding] {
        var findings: [Finding] = []
        resolve(bytes) { findings.append(finding($0, $1)) }
        return findings
    }

    package func findings(in bytes: [UInt8]) -> [Finding] {
        bytes.withUnsafeBytes { findings(in: $0) }
    }

    /// The text with every finding replaced.
    package func scrub(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { raw in
            var result: [UInt8] = []
            var place = 0
            resolve(raw) { candidate, map in
                if result.isEmpty { result.reserveCapacity(raw.count) }
                let start = map.start(of: candidate.start)
                result.append(contentsOf: bytes[place..<start])
                result.append(contentsOf: replacements[Int(candidate.detector)])
                place = map.end(before: candidate.end)
            }
            guard place > 0 else { return bytes }
            result.append(contentsOf: bytes[place...])
            return result
        }
    }

    /// The text with these findings replaced.
    package func replace(_ findings: [Finding], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        for finding in findings {
            result.append(contentsOf: bytes[place..<finding.range.lowerBound])
            result += options.replacement.bytes(for: finding.id)
            place = finding.range.upperBound
        }
        result.append(contentsOf: bytes[place...])
        return result
    }

    /// Gives all findings of a whole text, in order.
    private func resolve(_ bytes: UnsafeRawBufferPointer, _ body: (Candidate, OffsetMap) -> Void) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        if NormalisedText.isIdentity(bytes) {
            let text = base.assumingMemoryBound(to: UInt8.self)
            return resolve(Window(base: text, count: bytes.count, isOpen: false, map: OffsetMap()), body)
        }
        var text = NormalisedText()
        text.append(bytes, isLast: true)
        text.bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            resolve(Window(base: base, count: buffer.count, isOpen: false, map: text.map), body)
        }
    }

    private func resolve(_ window: Window, _ body: (Candidate, OffsetMap) -> Void) {
        var progress = Scanner.Progress()
        var report = scanner.newReport()
        var hits: [LiteralHit] = []
        scanner.scan(window, &progress, &report, &hits)
        guard !report.candidates.isEmpty else { return }
        report.sort()
        var resolver = Resolver(catalogue)
        for candidate in report.candidates {
            if let done = resolver.take(candidate) { body(done, window.map) }
        }
        if let done = resolver.close() { body(done, window.map) }
    }

    func finding(_ candidate: Candidate, _ map: OffsetMap) -> Finding {
        let detector = catalogue.detectors[Int(candidate.detector)]
        return Finding(
            id: detector.id, kind: detector.kind,
            range: map.start(of: candidate.start)..<map.end(before: candidate.end),
            confidence: Double(candidate.confidence) / 100)
    }
}

extension Scrubber.Options {
    /// The least confidence that a finding of each detector must have, in hundredths.
    fileprivate func minimums(_ catalogue: Catalogue) -> [UInt8] {
        let minimum = UInt8((min(max(minimumConfidence, 0), 1) * 100).rounded())
        return catalogue.detectors.map { exempt.contains($0.id) ? UInt8.max : minimum }
    }
}
