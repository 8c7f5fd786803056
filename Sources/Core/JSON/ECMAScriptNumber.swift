/// Numbers as ECMAScript's Number::toString writes them (ECMA-262 section 6.1.6.1.20, radix 10).
enum ECMAScriptNumber {
    static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        guard value != 0 else { return "0" }
        let sign = value < 0 ? "-" : ""
        let (digits, point) = shortestDigits(of: value.magnitude)
        return sign + layOut(digits, point: point)
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
