/// Full dates. A date alone is weak; with words of birth beside it, it is a date of birth.
enum CalendarDate {
    static let date = Detector(
        "date", .personal, confidence: Confidence.weak,
        [
            .word(WordForm(lengths: 1...11, isDigit: true)) { text, hit, report in
                guard let end = end(hit, &text) else { return }
                report.add(hit.lowerBound..<end)
            }
        ])

    static let birth = Detector(
        "date-of-birth", .personal, confidence: Confidence.likely,
        [
            .word(WordForm(lengths: 1...11, isDigit: true)) { text, hit, report in
                guard let end = end(hit, &text), context.stand(before: hit.lowerBound, behind: end, in: &text) else {
                    return
                }
                report.add(hit.lowerBound..<end)
            }
        ])

    private static let context = ContextWords(
        "born", "birth", "dob", "d.o.b", "geboren", "geburt", "nacido", "nacimiento", "naissance", "nato il", "nata il",
        before: 32, behind: 0)

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        .map { Array($0.utf8) }

    /// The end of the date that begins with this word.
    private static func end(_ hit: Range<Int>, _ text: inout Probe) -> Int? {
        let start = hit.lowerBound
        let before = text[start - 1]
        let joint = text[hit.upperBound]
        guard hit.count <= 4, joint == UInt8(ascii: "-") || joint == UInt8(ascii: "/") || joint == UInt8(ascii: "."),
            before != UInt8(ascii: "_"),
            !(PhoneNumber.isJoint(before) && Byte.isDigit(text[start - 2]))
        else { return nil }
        // The separator comes once more, or a month's name behind it.
        guard
            text[hit.upperBound + 2] == joint || text[hit.upperBound + 3] == joint
                || Byte.isLetter(text[hit.upperBound + 1])
        else { return nil }
        var index = start
        guard let first = number(&index, &text) else { return nil }
        let separator = text[index]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".") else {
            return nil
        }
        index += 1
        if Byte.isLetter(text[index]) { return endOfName(first, separator, index, &text) }
        guard let second = number(&index, &text) else { return nil }
        guard text[index] == separator, Byte.isDigit(text[index + 1]) else { return nil }
        index += 1
        guard let third = number(&index, &text) else { return nil }
        if first.digits == 4 {
            guard (1800...2199).contains(first.value), Checksum.isDate(month: second.value, day: third.value) else {
                return nil
            }
            return endOfTime(index, &text)
        }
        guard first.digits <= 2, second.digits <= 2, third.digits == 2 || third.digits == 4,
            third.digits == 2 || (1800...2199).contains(third.value),
            Checksum.isDate(month: first.value, day: second.value)
                || Checksum.isDate(month: second.value, day: first.value),
            !(text[index] == separator && Byte.isDigit(text[index + 1])), !Byte.isWord(text[index])
        else { return nil }
        return endOfTime(index, &text)
    }

    private static func number(_ index: inout Int, _ text: inout Probe) -> (value: Int, digits: Int)? {
        let start = index
        var value = 0
        while index < start + 4, Byte.isDigit(text[index]) {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        guard index > start, !Byte.isDigit(text[index]) else { return nil }
        return (value, index - start)
    }

    /// `21-May`, `21-May-2024`.
    private static func endOfName(
        _ day: (value: Int, digits: Int), _ separator: UInt8, _ start: Int, _ text: inout Probe
    ) -> Int? {
        guard separator == UInt8(ascii: "-"), day.digits <= 2, (1...31).contains(day.value) else { return nil }
        var index = start
        while index < start + 9, Byte.isLetter(text[index]) { index += 1 }
        guard index >= start + 3, !Byte.isLetter(text[index]) else { return nil }
        let name = text.bytes(start..<start + 3).map(Byte.lowercased)
        guard months.contains(name) else { return nil }
        if text[index] == separator, Byte.isDigit(text[index + 1]) {
            index += 1
            guard let year = number(&index, &text), year.digits == 2 || year.digits == 4 else { return nil }
        }
        return Byte.isWord(text[index]) ? nil : index
    }

    /// The end of a time of day behind a date (RFC 3339, section 5.6), or of the date itself.
    private static func endOfTime(_ date: Int, _ text: inout Probe) -> Int? {
        guard text[date] == UInt8(ascii: "T") || text[date] == 0x20 || text[date] == UInt8(ascii: "t") else {
            return Byte.isWord(text[date]) ? nil : date
        }
        let isAlone = text[date] == 0x20
        var index = date + 1
        guard let hour = number(&index, &text), hour.digits == 2, hour.value < 25, text[index] == UInt8(ascii: ":")
        else {
            return isAlone ? date : nil
        }
        index += 1
        guard let minute = number(&index, &text), minute.digits == 2, minute.value < 60 else {
            return isAlone ? date : nil
        }
        if text[index] == UInt8(ascii: ":"), Byte.isDigit(text[index + 1]) {
            index += 3
            if text[index] == UInt8(ascii: "."), Byte.isDigit(text[index + 1]) {
                index += 1
                let fraction = index
                while index < fraction + 9, Byte.isDigit(text[index]) { index += 1 }
            }
        }
        if text[index] | 0x20 == UInt8(ascii: "z"), !isAlone {
            index += 1
        } else if text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-"), Byte.isDigit(text[index + 1]),
            text[index + 3] == UInt8(ascii: ":")
        {
            index += 6
        }
        return Byte.isWord(text[index]) ? (isAlone ? date : nil) : index
    }
}
