/// Groups of digits with the separators of phone numbers between them.
struct PhoneDigits {
    private static let maximumGroups = 8

    /// Where the number begins, with its plus sign and bracket.
    let start: Int
    private(set) var hasPlus = false
    private(set) var hasBracket = false
    private(set) var groups = 0
    /// Where each group ends.
    private var offsets = SIMD8<Int32>(repeating: 0)
    private var groupLengths = SIMD8<Int32>(repeating: 0)
    /// The digits up to the end of each group.
    private var groupTotals = SIMD8<Int32>(repeating: 0)
    private var digits: (UInt64, UInt64) = (0, 0)
    private var separator: UInt8 = 0
    private var hasOneSeparator = true
    /// The end with an extension: `x818`, ` ext. 12`.
    private(set) var extensionEnd = 0

    /// - Parameter withBlanks: Whether blanks may stand between groups.
    init(from first: Int, withBlanks: Bool, in text: inout Probe) {
        var start = first
        if text[start - 1] == UInt8(ascii: "("), !Byte.isWord(text[start - 2]) {
            start -= 1
            hasBracket = true
        }
        if text[start - 1] == UInt8(ascii: "+"), !Byte.isWord(text[start - 2]) {
            start -= 1
            hasPlus = true
            if text[start - 1] == UInt8(ascii: "(") { start -= 1 }
        }
        self.start = start
        var index = first
        var total = 0
        while groups < Self.maximumGroups {
            let group = index
            while Byte.isDigit(text[index]), total < 16 {
                add(text[index] - 0x30, at: total)
                total += 1
                index += 1
            }
            guard index > group, total < 16 else { break }
            offsets[groups] = Int32(truncatingIfNeeded: index - start)
            groupLengths[groups] = Int32(truncatingIfNeeded: index - group)
            groupTotals[groups] = Int32(truncatingIfNeeded: total)
            groups += 1
            guard let next = nextGroup(behind: index, withBlanks, in: &text) else { break }
            index = next
        }
        guard groups > 0 else { return }
        extensionEnd = end(groups - 1)
        readExtension(in: &text)
    }

    /// The fewest digits of a number.
    static let least = 6
    /// The digits of all groups.
    var digitCount: Int { groups == 0 ? 0 : total(groups - 1) }

    private mutating func add(_ digit: UInt8, at place: Int) {
        if place < 8 {
            digits.0 |= UInt64(digit) << UInt64(place * 8)
        } else {
            digits.1 |= UInt64(digit) << UInt64(place * 8 - 64)
        }
    }

    /// Where a group ends.
    func end(_ group: Int) -> Int { start + Int(offsets[group]) }

    private func length(_ group: Int) -> Int { Int(groupLengths[group]) }

    private func total(_ group: Int) -> Int { Int(groupTotals[group]) }

    private func digit(_ place: Int) -> Int {
        Int(truncatingIfNeeded: (place < 8 ? digits.0 >> UInt64(place * 8) : digits.1 >> UInt64(place * 8 - 64)) & 0xFF)
    }

    private func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 * 10 + digit($1) } }

    /// Where the next group begins: behind a blank, a dash, a dot, a slash, or a bracket with one of them.
    private mutating func nextGroup(behind end: Int, _ withBlanks: Bool, in text: inout Probe) -> Int? {
        var index = end
        if text[index] == UInt8(ascii: ")") { index += 1 }
        let byte = text[index]
        if byte == 0x20 && withBlanks || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "/")
        {
            index += 1
        }
        if text[index] == UInt8(ascii: "("), index > end {
            index += 1
            hasBracket = true
        }
        guard index > end, Byte.isDigit(text[index]) else { return nil }
        if index == end + 1, byte != UInt8(ascii: ")") {
            if separator != 0, separator != byte { hasOneSeparator = false }
            separator = byte
        }
        return index
    }

    private mutating func readExtension(in text: inout Probe) {
        var index = end(groups - 1)
        if text[index] == 0x20 { index += 1 }
        if text.matches("ext", at: index) {
            index += 3
            if text[index] == UInt8(ascii: ".") { index += 1 }
            if text[index] == 0x20 { index += 1 }
        } else if text[index] | 0x20 == UInt8(ascii: "x") {
            index += 1
        } else {
            return
        }
        let first = index
        while index < first + 7, Byte.isDigit(text[index]) { index += 1 }
        guard index > first, index < first + 7, !Byte.isWord(text[index]) else { return }
        extensionEnd = index
    }

    /// Whether the text goes on behind a group so that the group is no end.
    func isCut(behind groups: Int, in text: inout Probe) -> Bool {
        let end = end(groups - 1)
        if groups == self.groups, extensionEnd > end { return false }
        let behind = text[end]
        if Byte.isWord(behind) { return true }
        return PhoneNumber.isJoint(behind) && Byte.isDigit(text[end + 1])
    }

    /// What the form alone says of the first groups.
    func confidence(_ groups: Int) -> UInt8 {
        let total = total(groups - 1)
        if hasPlus {
            return (8...15).contains(total) && Self.isCountry(digit(0), digit(1), digit(2)) ? Confidence.strong : 0
        }
        if isDialledAbroad(groups) || isAmerican(groups) { return Confidence.strong }
        if isMobile(groups) { return Confidence.likely }
        if hasTrunkZero(groups) { return Confidence.likely }
        // Ten digits that begin as area codes do, in one piece.
        if groups == 1, total == 10, (2...5).contains(digit(0)) { return Confidence.weak }
        return 0
    }

    /// `00` or `001` and a number behind.
    private func isDialledAbroad(_ groups: Int) -> Bool {
        let total = total(groups - 1)
        return groups > 2 && (10...16).contains(total) && digit(0) == 0 && digit(1) == 0 && digit(2) != 0
            && length(0) <= 5
    }

    /// The North American plan: area and exchange begin with 2 to 9, groups of three, three and four.
    func isAmerican(_ groups: Int) -> Bool {
        var first = 0
        if groups == 4, length(0) == 1, digit(0) == 1 { first = 1 }
        if groups == 4, length(0) == 2, length(1) == 3, separator != 0x20 { first = 1 }
        guard groups == first + 3, length(first) == 3, length(first + 1) == 3, length(first + 2) == 4,
            hasOneSeparator || hasBracket
        else { return false }
        let offset = first == 0 ? 0 : length(0)
        return digit(offset) >= 2 && digit(offset + 3) >= 2
    }

    /// Mobile numbers of countries that write them without a trunk zero, or in one piece with it.
    private func isMobile(_ groups: Int) -> Bool {
        let total = total(groups - 1)
        // China: 1, then 3 to 9, eleven digits.
        if total == 11, digit(0) == 1, digit(1) >= 3, groups == 1 || groups == 3 && length(0) == 3 { return true }
        // Turkey: 5xx xxx xx xx.
        if total == 10, groups == 4, digit(0) == 5, length(0) == 3, length(1) == 3, length(2) == 2, hasOneSeparator {
            return true
        }
        // One piece with a zero: 09…, 07…, eleven digits.
        return groups == 1 && total == 11 && digit(0) == 0 && (digit(1) == 7 || digit(1) == 9)
    }

    /// A trunk zero, two to five groups, nine to eleven digits.
    private func hasTrunkZero(_ groups: Int) -> Bool {
        let total = total(groups - 1)
        guard (2...5).contains(groups), (9...11).contains(total), digit(0) == 0, digit(1) != 0,
            hasOneSeparator || hasBracket
        else { return false }
        // The form of American social security numbers, and three times three, say too little.
        if groups == 3, length(0) == 3, length(2) == 4 ? length(1) == 2 : length(1) == 3 && length(2) == 3 {
            return false
        }
        return (1...5).contains(length(0)) && (1..<groups).allSatisfy { (2...8).contains(length($0)) }
    }

    /// Whether words beside it may make it a number: six to fifteen digits that are no date.
    func mayBePhone(_ groups: Int) -> Bool {
        let total = total(groups - 1)
        guard (6...15).contains(total), groups > 1 || total >= 7 else { return false }
        if groups == 3, separator != 0x20, length(1) <= 2, length(0) == 4 || length(0) <= 2 && length(2) == 4 {
            return false
        }
        if separator == UInt8(ascii: "/"), groups > 2 { return false }
        return groups == 1 || (0..<groups).allSatisfy { length($0) > 1 || $0 == 0 }
    }

    /// Whether a country's code begins the number (ITU-T E.164, annex).
    private static func isCountry(_ one: Int, _ two: Int, _ three: Int) -> Bool {
        switch one {
        case 1, 7: return true
        case 0: return false
        default: break
        }
        switch one * 10 + two {
        case 20, 27, 30...34, 36, 39...41, 43...49, 51...58, 60...66, 81, 82, 84, 86, 90...95, 98: return true
        case 21...26, 29, 35, 37, 38, 42, 50, 59, 67...69, 85, 87, 88, 96, 97, 99, 80: return three >= 0
        default: return false
        }
    }
}
