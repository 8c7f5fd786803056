/// Phone numbers: international ones (E.164), and national ones whose form or whose neighbours say what they are.
enum PhoneNumber {
    static let detector = Detector(
        "phone", .personal, confidence: Confidence.strong,
        [
            .word(WordForm(lengths: 1...40)) { text, hit, report in
                // What belongs to a longer number was looked at from its beginning.
                let first = hit.lowerBound
                guard Byte.isDigit(text[first]) else { return addGlued(hit, &text, &report) }
                let before = text[first - 1]
                guard !Byte.isWord(before), !(isJoint(before) && Byte.isDigit(text[first - 2])),
                    !(before == UInt8(ascii: ")") && Byte.isDigit(text[first - 2]))
                else { return }
                // A number of one digit in front is a zero or a country's one.
                guard
                    hit.count > 1 || text[first] <= UInt8(ascii: "1") || before == UInt8(ascii: "+")
                        || before == UInt8(ascii: "(")
                else { return }
                // Behind digits and a blank begins no number that has blanks itself.
                let isBehindDigits = before == 0x20 && Byte.isDigit(text[first - 2])
                var number = PhoneDigits(from: first, withBlanks: !isBehindDigits, in: &text)
                guard number.digitCount >= PhoneDigits.least else { return }
                add(&number, mayHaveContext: !isBehindDigits, &text, &report)
            }
        ])

    private static let context = ContextWords(
        "phone", "telephone", "telefon", "tel", "call", "mobile", "mob", "cell", "fax", "office", "off", "whatsapp",
        "sms", "dial", "answering", "contact", "handy", "ring", "téléphone", "teléfono", "telefono", "numero", "número",
        "reach me", "number is", before: 40, behind: 12)

    /// `is415-555-0132`: small letters in front of an American number.
    private static func addGlued(_ hit: Range<Int>, _ text: inout Probe, _ report: inout Report) {
        var first = hit.lowerBound
        while first < hit.upperBound, Byte.isLower(text[first]) { first += 1 }
        guard first >= hit.lowerBound + 2, first < hit.upperBound, Byte.isDigit(text[first]) else { return }
        let number = PhoneDigits(from: first, withBlanks: true, in: &text)
        guard number.groups == 3, number.isAmerican(number.groups) else { return }
        report.add(first..<number.end(2))
    }

    /// Reports the longest run of groups that is a number.
    private static func add(
        _ number: inout PhoneDigits, mayHaveContext: Bool, _ text: inout Probe, _ report: inout Report
    ) {
        var hasContext = mayHaveContext ? nil : Optional(false)
        for groups in stride(from: number.groups, through: 1, by: -1) {
            let range = number.start..<number.end(groups - 1)
            guard !number.isCut(behind: groups, in: &text) else { continue }
            var confidence = number.confidence(groups)
            if confidence < Confidence.likely, number.mayBePhone(groups) {
                // Looked for once, around the whole.
                if hasContext == nil {
                    hasContext = context.stand(before: range.lowerBound, behind: range.upperBound, in: &text)
                }
                if hasContext == true { confidence = Confidence.likely }
            }
            guard confidence > 0 else { continue }
            let end = groups == number.groups ? number.extensionEnd : range.upperBound
            return report.add(range.lowerBound..<end, confidence: confidence)
        }
    }

    @inline(__always)
    static func isJoint(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
    }
}
