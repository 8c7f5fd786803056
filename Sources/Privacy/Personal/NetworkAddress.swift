/// Addresses of IP, versions 4 and 6 (RFC 4291, section 2.2), and of network cards.
enum NetworkAddress {
    static let ip = Detector(
        "ip", .personal, confidence: Confidence.strong,
        [
            .word(WordForm(lengths: 1...3, isDigit: true)) { text, hit, report in
                guard text[hit.upperBound] == UInt8(ascii: "."),
                    !(text[hit.lowerBound - 1] == UInt8(ascii: ".") && Byte.isDigit(text[hit.lowerBound - 2])),
                    text[hit.lowerBound - 1] != UInt8(ascii: "_"),
                    let end = version4End(from: hit.lowerBound, in: &text)
                else { return }
                report.add(hit.lowerBound..<prefixEnd(behind: end, bits: 32, in: &text))
            },
            .address { text, hit, report in
                guard text[hit.lowerBound] == UInt8(ascii: ":") else { return }
                addVersion6(hit.lowerBound, &text, &report)
            },
        ])

    static let mac = Detector(
        "mac-address", .personal, confidence: Confidence.strong,
        [
            .address { text, hit, report in
                let start = hit.lowerBound - 2
                let separator = text[hit.lowerBound]
                let before = text[start - 1]
                guard !Byte.isWord(before), before != separator else { return }
                var digits = (zeros: 0, ones: 0)
                for pair in 0..<6 {
                    for place in start + 3 * pair..<start + 3 * pair + 2 {
                        guard Byte.isHex(text[place]) else { return }
                        if text[place] == UInt8(ascii: "0") { digits.zeros += 1 }
                        if text[place] | 0x20 == UInt8(ascii: "f") { digits.ones += 1 }
                    }
                    guard pair == 5 || text[start + 3 * pair + 2] == separator else { return }
                }
                let end = start + 17
                // Nobody's address, and everybody's.
                guard digits.zeros < 12, digits.ones < 12, !Byte.isWord(text[end]), text[end] != separator else {
                    return
                }
                report.add(start..<end)
            }
        ])

    /// The end of an address of version 4: four numbers up to 255.
    static func version4End(from start: Int, in text: inout Probe) -> Int? {
        var index = start
        for part in 0..<4 {
            let first = index
            var value = 0
            while index < first + 3, Byte.isDigit(text[index]) {
                value = value * 10 + Int(text[index] - 0x30)
                index += 1
            }
            guard index > first, value <= 255, index == first + 1 || text[first] != UInt8(ascii: "0") else {
                return nil
            }
            if part == 3 { return Byte.isWord(text[index]) ? nil : index }
            guard text[index] == UInt8(ascii: ".") else { return nil }
            index += 1
        }
        return nil
    }

    /// The end of a prefix length behind an address (RFC 4632, section 3.1), or of the address.
    private static func prefixEnd(behind end: Int, bits: Int, in text: inout Probe) -> Int {
        guard text[end] == UInt8(ascii: "/") else { return end }
        var index = end + 1
        var value = 0
        while index < end + 4, Byte.isDigit(text[index]) {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return index > end + 1 && value <= bits && !Byte.isWord(text[index]) ? index : end
    }

    /// - Parameter colon: A colon; the address is found at its first.
    private static func addVersion6(_ colon: Int, _ text: inout Probe, _ report: inout Report) {
        var start = colon
        while start > colon - 4, Byte.isHex(text[start - 1]) { start -= 1 }
        let before = text[start - 1]
        guard !Byte.isWord(before), before != UInt8(ascii: ":"), before != UInt8(ascii: ".") else { return }
        var groups = 0
        var hasGap = false
        var hasDigit = false
        var index = start
        while groups < 8 {
            if groups > 0 || hasGap, let end = version4End(from: index, in: &text) {
                groups += 2
                hasDigit = true
                index = end
                break
            }
            let first = index
            while index < first + 4, Byte.isHex(text[index]) {
                hasDigit = hasDigit || Byte.isDigit(text[index])
                index += 1
            }
            if index > first { groups += 1 }
            guard text[index] == UInt8(ascii: ":") else { break }
            if text[index + 1] == UInt8(ascii: ":") {
                guard !hasGap else { return }
                hasGap = true
                index += 2
                guard Byte.isHex(text[index]) else { break }
            } else {
                guard index > first, Byte.isHex(text[index + 1]), groups < 8 else { break }
                index += 1
            }
        }
        guard !Byte.isWord(text[index]), !(text[index] == UInt8(ascii: ".") && Byte.isDigit(text[index + 1])),
            !(text[index] == UInt8(ascii: ":") && text[index + 1] == UInt8(ascii: ":")),
            hasGap ? groups <= 7 : groups == 8
        else { return }
        if groups == 0 {
            // Nothing but two colons: an address only where it stands alone.
            let behind = text[index]
            guard before == 0 || Byte.isSpace(before) || before == UInt8(ascii: "["),
                behind == 0 || Byte.isSpace(behind) || behind == UInt8(ascii: "/") || behind == UInt8(ascii: "]")
            else { return }
            return report.add(start..<prefixEnd(behind: index, bits: 128, in: &text), confidence: Confidence.weak)
        }
        // `a::b` is a name in many languages of programming.
        guard hasDigit || groups == 8 else { return }
        report.add(start..<prefixEnd(behind: index, bits: 128, in: &text))
    }
}
