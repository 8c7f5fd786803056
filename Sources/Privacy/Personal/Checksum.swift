/// Check digits, over letters and digits of ASCII in upper case.
enum Checksum {
    typealias Content = UnsafeBufferPointer<UInt8>

    /// The value of a digit; of another byte, something that no rule accepts.
    @inline(__always) static func digit(_ content: Content, _ index: Int) -> Int { Int(content[index]) - 0x30 }

    /// The number that some digits spell.
    static func number(_ content: Content, _ range: Range<Int>) -> Int {
        range.reduce(0) { $0 * 10 + digit(content, $1) }
    }

    /// Luhn's rule (ISO/IEC 7812-1, annex B).
    static func luhn(_ content: Content, startingAt sum: Int = 0) -> Bool {
        var sum = sum
        for index in 0..<content.count {
            let value = digit(content, content.count - 1 - index)
            guard (0...9).contains(value) else { return false }
            let weighted = index % 2 == 1 ? value * 2 : value
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum % 10 == 0
    }

    /// The sum of digits, each times its weight; digits without a weight are left out.
    static func weighted(_ content: Content, _ weights: [Int], from start: Int = 0) -> Int {
        var sum = 0
        for (index, weight) in weights.enumerated() where start + index < content.count {
            sum += digit(content, start + index) * weight
        }
        return sum
    }

    /// MOD 97-10 (ISO/IEC 7064) with the first four characters moved to the end, as IBANs have it.
    static func mod97(_ content: Content) -> Bool {
        var remainder = 0
        for index in 0..<content.count {
            let byte = content[(index + 4) % content.count]
            if Byte.isDigit(byte) {
                remainder = (remainder * 10 + Int(byte - 0x30)) % 97
            } else if Byte.isUpper(byte) {
                remainder = (remainder * 100 + Int(byte - 0x37)) % 97
            } else {
                return false
            }
        }
        return remainder == 1
    }

    /// MOD 11,10 (ISO/IEC 7064) over digits from `start` on, the last one the check.
    static func mod11And10(_ content: Content, from start: Int = 0) -> Bool {
        var product = 10
        for index in start..<content.count - 1 {
            var sum = (digit(content, index) + product) % 10
            if sum == 0 { sum = 10 }
            product = sum * 2 % 11
        }
        let check = 11 - product
        return (check == 10 ? 0 : check) == digit(content, content.count - 1)
    }

    /// Verhoeff's rule over the dihedral group of ten (1969).
    static func verhoeff(_ content: Content) -> Bool {
        var check = 0
        for index in 0..<content.count {
            let value = digit(content, content.count - 1 - index)
            guard (0...9).contains(value) else { return false }
            check = products[check][permutations[index % 8][value]]
        }
        return check == 0
    }

    private static let products: [[Int]] = (0..<10).map { one in
        (0..<10).map { other in
            switch (one < 5, other < 5) {
            case (true, true): (one + other) % 5
            case (true, false): (one + other - 5) % 5 + 5
            case (false, true): (one - 5 - other + 5) % 5 + 5
            case (false, false): (one - other + 5) % 5
            }
        }
    }

    private static let permutations: [[Int]] = {
        let base = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
        var rows = [Array(0..<10)]
        for row in 1..<8 { rows.append(rows[row - 1].map { base[$0] }) }
        return rows
    }()

    /// The check of machine-readable documents (ICAO 9303, part 3): weights 7, 3, 1; letters count from 10.
    static func document(_ content: Content) -> Bool {
        var sum = 0
        for index in 0..<content.count - 1 {
            let byte = content[index]
            let value = Byte.isDigit(byte) ? Int(byte) - 0x30 : Int(byte) - 0x37
            sum += value * [7, 3, 1][index % 3]
        }
        return sum % 10 == digit(content, content.count - 1)
    }

    /// Whether month and day can be; years of any kind have 29 days of February.
    static func isDate(month: Int, day: Int) -> Bool {
        (1...12).contains(month) && day >= 1 && day <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Whether all digits of it are alike.
    static func isRepetition(_ content: Content) -> Bool {
        content.allSatisfy { $0 == content.first }
    }
}
