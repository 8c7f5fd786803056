import OrchCore

/// Reads moments as RFC 3339 writes them.
enum RFC3339 {
    /// A date and time with an offset, or a date alone, which is its first moment in UTC. Digits of a second beyond
    /// microseconds are dropped.
    static func timestamp(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10 else { return nil }
        let date = String(decoding: bytes[..<10], as: UTF8.self)
        guard isDate(bytes[..<10]) else { return nil }
        if bytes.count == 10 { return Timestamp("\(date)T00:00:00.000000Z") }
        guard bytes.count >= 20, [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
            isTime(bytes[11..<19])
        else { return nil }
        let time = String(decoding: bytes[11..<19], as: UTF8.self)
        var rest = bytes[19...]
        var fraction = "000000"
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { isDigit($0) }
            guard !digits.isEmpty, digits.count <= 9 else { return nil }
            rest = rest.dropFirst(1 + digits.count)
            fraction = String(decoding: digits.prefix(6), as: UTF8.self)
            fraction += String(repeating: "0", count: 6 - fraction.utf8.count)
        }
        guard let offset = minutes(rest), let moment = Timestamp("\(date)T\(time).\(fraction)Z") else { return nil }
        return moment.advanced(by: .seconds(-offset * 60))
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        matches(bytes, "dddd-dd-dd")
    }

    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        matches(bytes, "dd:dd:dd")
    }

    /// The offset from UTC: `Z`, or `+01:00`.
    private static func minutes(_ bytes: ArraySlice<UInt8>) -> Int? {
        if bytes.count == 1, bytes.first.map({ $0 | 0x20 }) == UInt8(ascii: "z") { return 0 }
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = Array(bytes.dropFirst())
        guard matches(digits[...], "dd:dd") else { return nil }
        func number(_ index: Int) -> Int { Int(digits[index] - 0x30) * 10 + Int(digits[index + 1] - 0x30) }
        guard number(0) < 24, number(3) < 60 else { return nil }
        let minutes = number(0) * 60 + number(3)
        return sign == UInt8(ascii: "-") ? -minutes : minutes
    }

    /// Whether each byte is the template's, `d` standing for a digit.
    private static func matches(_ bytes: ArraySlice<UInt8>, _ template: StaticString) -> Bool {
        template.withUTF8Buffer { wanted in
            wanted.count == bytes.count
                && zip(bytes, wanted).allSatisfy { $1 == UInt8(ascii: "d") ? isDigit($0) : $0 == $1 }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
