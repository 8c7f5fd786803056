import OrchCore

/// Runs the exact steps over a window: one pass over the literals that the engine proposes, one over the bytes.
///
/// Each pass goes from left to right and depends, at every anchor, on the bytes within `Reach` alone. A pass stops in
/// front of an anchor whose answer depends on bytes that have not come yet, and goes on there when they have.
struct Scanner: Sendable {
    private let catalogue: Catalogue
    private let literals: any LiteralScanner
    /// The least confidence that is kept, by detector.
    private let minimums: [UInt8]
    /// Whether this scans what was wrapped in another text.
    private let isNested: Bool
    /// Bytes that the engine gets at a time: hits of one block stay in the cache.
    private static let block = 32 * 1024

    init(_ catalogue: Catalogue, engine: any ScanEngine, minimums: [UInt8]) throws(ScanEngineError) {
        self.catalogue = catalogue
        self.minimums = minimums
        isNested = false
        literals = try engine.scanner(for: catalogue.literals)
    }

    private init(_ scanner: Scanner, minimums: [UInt8], isNested: Bool) {
        catalogue = scanner.catalogue
        literals = scanner.literals
        self.minimums = minimums
        self.isNested = isNested
    }

    /// The same with other least confidences.
    func with(minimums: [UInt8]) -> Scanner { Scanner(self, minimums: minimums, isNested: isNested) }

    /// How far the passes are, in bytes of the window.
    struct Progress: Equatable {
        /// Literals that end up to here are done.
        var literals = 0
        /// Bytes up to here are done.
        var bytes = 0

        /// No finding that is still to come begins in front of this.
        var settled: Int { max(0, min(literals, bytes) - Reach.start) }
    }

    func newReport() -> Report {
        var report = Report()
        report.minimums = minimums
        return report
    }

    /// Goes on with both passes, as far as the window allows.
    func scan(_ window: Window, _ progress: inout Progress, _ report: inout Report, _ hits: inout [LiteralHit]) {
        // Each pass has its own places in the map.
        var ahead = window
        while progress.literals < window.count {
            let end = min(window.count, progress.literals + Self.block)
            guard literalPass(&ahead, to: end, &progress, &report, &hits) else { break }
        }
        ahead = window
        bytePass(&ahead, &progress, &report)
    }

    // MARK: Literals

    /// - Returns: Whether the pass reached `end`.
    private func literalPass(
        _ window: inout Window, to end: Int, _ progress: inout Progress, _ report: inout Report,
        _ hits: inout [LiteralHit]
    ) -> Bool {
        let start = max(0, progress.literals - catalogue.longestLiteral + 1)
        hits.removeAll(keepingCapacity: true)
        literals.scan(UnsafeRawBufferPointer(start: window.base + start, count: end - start), into: &hits)
        var keptEnd = 0
        var kept = 0
        for hit in hits {
            let hitEnd = start + Int(hit.end)
            guard hitEnd > progress.literals else { continue }
            if hitEnd != keptEnd {
                keptEnd = hitEnd
                kept = report.candidates.count
            }
            let literal = Int(hit.literal)
            let range = hitEnd - catalogue.literalLengths[literal]..<hitEnd
            report.floor = hitEnd - 1 - Reach.start
            // Ends come in order, as the window asks.
            var probe = window.probe(at: hitEnd)
            let rules = catalogue.literalStarts[literal]..<catalogue.literalStarts[literal + 1]
            for index in rules { run(catalogue.literalRules[index], &probe, range, &report) }
            if probe.ranOut {
                report.cut(to: kept)
                progress.literals = hitEnd - 1
                return false
            }
        }
        progress.literals = end
        return true
    }

    @inline(__always)
    private func run(_ rule: Catalogue.Rule, _ probe: inout Probe, _ hit: Range<Int>, _ report: inout Report) {
        report.detector = rule.detector
        report.confidence = rule.confidence
        rule.match(&probe, hit, &report)
    }

    // MARK: Bytes

    private func bytePass(_ window: inout Window, _ progress: inout Progress, _ report: inout Report) {
        Self.interest.withUnsafeBufferPointer { interest in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: FormatTable.maximumBytes) { content in
                var index = progress.bytes
                while index < window.count {
                    let kind = interest[Int(window.base[index])]
                    guard kind != 0 else {
                        index &+= 1
                        continue
                    }
                    let kept = report.candidates.count
                    report.floor = index - Reach.start
                    var probe = window.probe(at: index)
                    var next = index + 1
                    switch kind {
                    case Self.digit: next = word(at: index, &probe, content, &report)
                    case Self.atSign:
                        for rule in catalogue.atSignRules { run(rule, &probe, index..<next, &report) }
                    default: address(at: index, &probe, &report)
                    }
                    if probe.ranOut {
                        report.cut(to: kept)
                        break
                    }
                    index = next
                }
                progress.bytes = min(index, window.count)
            }
        }
    }

    private static let digit: UInt8 = 1
    private static let atSign: UInt8 = 2
    private static let mark: UInt8 = 3
    private static let interest: [UInt8] = (0...255).map { (byte: UInt8) in
        switch byte {
        case 0x30...0x39: digit
        case UInt8(ascii: "@"): atSign
        case UInt8(ascii: ":"), UInt8(ascii: "-"): mark
        default: 0
        }
    }

    /// A colon or a dash: looked at where hexadecimal digits or a second colon stand around it.
    @inline(__always)
    private func address(at index: Int, _ probe: inout Probe, _ report: inout Report) {
        let behind = probe[index + 1]
        if probe[index] == UInt8(ascii: "-") {
            // A dash counts as the first of `00-11-…` only.
            guard Byte.isHex(behind), probe[index + 3] == UInt8(ascii: "-"), Byte.isHex(probe[index - 1]) else {
                return
            }
        } else {
            guard Byte.isHex(behind) || behind == UInt8(ascii: ":") else { return }
        }
        for rule in catalogue.addressRules { run(rule, &probe, index..<index + 1, &report) }
    }

    /// A word with a digit in it: the words' rules, then the formats that begin with it or shortly in front.
    ///
    /// - Returns: Where the word ends.
    private func word(
        at index: Int, _ probe: inout Probe, _ content: UnsafeMutableBufferPointer<UInt8>, _ report: inout Report
    ) -> Int {
        var start = index
        while start > index - FormatTable.maximumBytes, Byte.isAlphanumeric(probe[start - 1]) { start -= 1 }
        var end = index + 1
        while end < index + Reach.forward, Byte.isAlphanumeric(probe[end]) { end += 1 }
        if end - start <= Self.tiny, isAlone(start..<end, &probe) { return end }
        let startsWithDigit = Byte.isDigit(probe[start])
        for index in catalogue.wordForms.indices
        where catalogue.wordForms[index].admits(end - start, startsWithDigit: startsWithDigit) {
            run(catalogue.wordRules[index], &probe, start..<end, &report)
        }
        if !isNested, end - start >= Self.wrappedWord { wrapped(start..<end, at: index, &probe, &report) }
        guard end - start <= FormatTable.maximumBytes, !Byte.isAlphanumeric(probe[start - 1]) else { return end }
        formats(from: start, &probe, content, &report)
        if start + 2 <= index, Byte.isLower(probe[start]), Byte.isLower(probe[index - 1]) {
            // Small letters are glued to what may be a number: only what has a good check counts.
            let minimum = report.minimum
            report.minimum = max(minimum, Confidence.strong)
            formats(from: index, &probe, content, &report)
            report.minimum = minimum
        }
        var first = start
        for _ in 0..<2 {
            guard let word = shortWord(before: first, &probe) else { break }
            first = word
            formats(from: first, &probe, content, &report)
        }
        return end
    }

    /// A run of base64 that holds a text with a secret in it is a secret as a whole.
    ///
    /// - Parameter index: The first digit of the run; runs are looked at from there, once.
    private func wrapped(_ word: Range<Int>, at index: Int, _ probe: inout Probe, _ report: inout Report) {
        var start = index
        while start > index - FormatTable.maximumBytes, Base64Text.alphabet.contains(probe[start - 1]) {
            start -= 1
            if Byte.isDigit(probe[start]) { return }
        }
        while start < index, !Byte.isAlphanumeric(probe[start]) { start += 1 }
        guard Base64Text.mayBeText(probe[start], probe[start + 1], probe[start + 2], probe[start + 3]) else { return }
        let end = probe.end(of: Base64Text.alphabet, from: start, limit: Self.maximumWrapped)
        guard end - start >= Self.minimumWrapped, let text = Base64Text.decode(probe.bytes(start..<end)) else { return }
        let inside = Scanner(self, minimums: minimums, isNested: true)
        var found = inside.newReport()
        var progress = Progress()
        var hits: [LiteralHit] = []
        text.withUnsafeBufferPointer { text in
            guard let base = text.baseAddress else { return }
            let window = Window(base: base, count: text.count, isOpen: false, map: OffsetMap())
            inside.scan(window, &progress, &found, &hits)
        }
        let secrets = found.candidates.filter { catalogue.detectors[Int($0.detector)].kind == .secret }
        guard let best = secrets.max(by: { $0.confidence < $1.confidence }) else { return }
        report.detector = best.detector
        report.add(start..<end, confidence: best.confidence)
    }

    private static let minimumWrapped = 20
    /// Base64 of text has few signs in it: its first word is not shorter than this.
    private static let wrappedWord = 12
    /// Words up to this length are part of something longer, or nothing.
    private static let tiny = 3
    private static let maximumWrapped = 12 * 1024

    /// Whether a short number stands for itself: nothing joins it to what comes in front or behind.
    @inline(__always)
    private func isAlone(_ word: Range<Int>, _ probe: inout Probe) -> Bool {
        let before = probe[word.lowerBound - 1]
        let behind = probe[word.upperBound]
        // The middle or the end of something longer that was looked at from its beginning; addresses begin anew.
        if Self.isJoint(before), behind != UInt8(ascii: "."), Byte.isDigit(probe[word.lowerBound - 2]),
            Byte.isDigit(probe[word.lowerBound])
        {
            return true
        }
        if Self.isJoint(behind) || behind == UInt8(ascii: "+") || behind == UInt8(ascii: ")") { return false }
        if before == 0x20 {
            // Digits and a blank in front: this was looked at from there.
            if Byte.isDigit(probe[word.lowerBound - 2]) { return true }
            if Byte.isLetter(probe[word.lowerBound - 2]) { return false }
        } else if Self.isJoint(before) || before == UInt8(ascii: "+") || before == UInt8(ascii: "(") {
            return false
        }
        let next = probe[word.upperBound + 1]
        return behind != 0x20 || !Byte.isAlphanumeric(next) && next != UInt8(ascii: "(")
    }

    /// Where a word of up to three letters begins that stands in front, a separator between.
    private func shortWord(before start: Int, _ probe: inout Probe) -> Int? {
        let separator = probe[start - 1]
        guard separator == 0x20 || separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") else { return nil }
        var first = start - 1
        while first > start - 5, Byte.isLetter(probe[first - 1]) { first -= 1 }
        guard first < start - 1, first > start - 5, !Byte.isWord(probe[first - 1]) else { return nil }
        return first
    }

    /// Tries all formats that begin here.
    private func formats(
        from start: Int, _ probe: inout Probe, _ content: UnsafeMutableBufferPointer<UInt8>, _ report: inout Report
    ) {
        let before = probe[start - 1]
        guard before != UInt8(ascii: "_"), !(Self.isJoint(before) && Byte.isDigit(probe[start - 2])) else { return }
        // Behind digits and a blank begins no form that has blanks itself.
        let withBlanks = before != 0x20 || !Byte.isDigit(probe[start - 2])
        var signature = FormSignature()
        var count = 0
        var hasSmall = false
        var index = start
        for word in 1...FormatTable.maximumWords {
            while Byte.isAlphanumeric(probe[index]) {
                guard index - start < FormatTable.maximumBytes else { return }
                let byte = probe[index]
                signature.add(byte)
                hasSmall = hasSmall || Byte.isLower(byte)
                content[count] = Byte.uppercased(byte)
                count += 1
                index += 1
            }
            let separator = probe[index]
            let goesOn = Byte.isAlphanumeric(probe[index + 1])
            if separator != UInt8(ascii: "_"), !(Self.isJoint(separator) && Byte.isDigit(probe[index + 1])) {
                let content = UnsafeBufferPointer(rebasing: content[..<count])
                catalogue.formats.match(signature.value, start..<index, content, hasSmall: hasSmall, &probe, &report)
                if word == 1 {
                    catalogue.formats.match(
                        FormSignature.anyWord(length: count), start..<index, content, hasSmall: hasSmall, &probe,
                        &report)
                }
            }
            guard goesOn,
                separator == 0x20 ? withBlanks : separator == UInt8(ascii: "+") || Self.isJoint(separator)
            else { return }
            signature.add(separator)
            guard catalogue.formats.mayGoOn(signature.value) else { return }
            index += 1
        }
    }

    /// A sign that joins the parts of one number.
    @inline(__always)
    private static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
    }
}
