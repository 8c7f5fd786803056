/// Numbers as ECMAScript's Number::toString writes them (ECMA-262 section 6.1.6.1.20, radix 10).
enum ECMAScriptNumber {
    static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        guard value != 0 else { return "0" }
        if let text = textOfFewDigits(value) { return text }
        let sign = value < 0 ? "-" : ""
        let (digits, point) = shortestDigits(of: value.magnitude)
        return sign + layOut(digits, point: point)
    }

    /// The text of a value with at most four decimals, which the numbers here nearly always are.
    ///
    /// A decimal of at most 15 digits that reads back as the value is the shortest there is: no two such decimals read
    /// as one value.
    private static func textOfFewDigits(_ value: Double) -> String? {
        guard value.magnitude < 1e10, value.magnitude >= 1e-4 else { return nil }
        var scale = 1.0
        for decimals in 0...4 {
            let scaled = (value.magnitude * scale).rounded()
            if scaled / scale == value.magnitude {
                return text(of: Int(scaled), decimals: decimals, isNegative: value < 0)
            }
            scale *= 10
        }
        return nil
    }

    private static func text(of digits: Int, decimals: Int, isNegative: Bool) -> String {
        var rest = digits
        return String(unsafeUninitializedCapacity: 20) { buffer in
            var start = 20
            func put(_ byte: UInt8) {
                start -= 1
                buffer[start] = byte
            }
            for place in 0... {
                if place == decimals, decimals > 0 { put(UInt8(ascii: ".")) }
                if place > decimals, rest == 0 { break }
                put(0x30 + UInt8(rest % 10))
                rest /= 10
            }
            if isNegative { put(UInt8(ascii: "-")) }
            let count = 20 - start
            for index in 0..<count { buffer[index] = buffer[start + index] }
            return count
        }
    }

    /// The shortest digits that read back as the value, and where the decimal point stands in them: the value is
    /// 0.digits × 10^point.
    private static func shortestDigits(of value: Double) -> (digits: String, point: Int) {
        // The standard library prints the shortest round-trip digits; only its layout differs.
        var digits = ""
        var exponent = 0
        var integerDigits: Int?
        var description = value.description[...]
        if let mark = description.firstIndex(of: "e") {
            exponent = Int(description[description.index(after: mark)...]) ?? 0
            description = description[..<mark]
        }
        for character in description {
            if character == "." { integerDigits = digits.count } else { digits.append(character) }
        }
        var point = (integerDigits ?? digits.count) + exponent
        let leadingZeros = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leadingZeros)
        point -= leadingZeros
        while digits.last == "0" { digits.removeLast() }
        return (digits, point)
    }

    private static func layOut(_ digits: String, point: Int) -> String {
        let count = digits.count
        if count <= point, point <= 21 { return digits + String(repeating: "0", count: point - count) }
        if 0 < point, point <= 21 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
        if -6 < point, point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
        let exponent = point - 1
        let mantissa = count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst(1))"
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }
}
