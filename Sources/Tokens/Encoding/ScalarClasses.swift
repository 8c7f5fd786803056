/// The class of every scalar, in two stages: blocks of 128, equal ones stored once (about 40 KB).
///
/// Made from the standard library's properties. What it knows beyond the wanted version of Unicode counts as
/// unassigned; scalars whose category has changed since are listed.
final class ScalarClasses: Sendable {
    /// For each block of 128 scalars, where its classes begin.
    let blocks: [UInt32]
    let classes: [UInt8]

    init(_ profile: ScalarProfile) {
        var blocks: [UInt32] = []
        blocks.reserveCapacity(0x110000 / 128)
        var classes: [UInt8] = []
        var known: [[UInt8]: UInt32] = [:]
        func place(_ block: [UInt8]) -> UInt32 {
            if let start = known[block] { return start }
            let start = UInt32(classes.count)
            classes += block
            known[block] = start
            return start
        }
        let unassigned = place([UInt8](repeating: 0, count: 128))
        let ideographs = place(
            [UInt8](repeating: Self.bits(of: .otherLetter, profile, isASCIILetter: false), count: 128))
        for block in UInt32(0)..<0x110000 / 128 {
            let first = block * 128
            if Self.isUnassigned(first) {
                blocks.append(unassigned)
            } else if Self.isUniformlyOtherLetters(first) {
                blocks.append(ideographs)
            } else {
                blocks.append(place((first..<first + 128).map { Self.bits(of: $0, profile) }))
            }
        }
        self.blocks = blocks
        self.classes = classes
    }

    /// Surrogates, private use, and what no profile's version has assigned.
    private static func isUnassigned(_ value: UInt32) -> Bool {
        (0xD800..<0xF900).contains(value) || (0x32400..<0xE0000).contains(value) || value >= 0xE0200
    }

    /// Whole blocks of ideographs and syllables that every profile's version has; spares most of the look-ups.
    private static func isUniformlyOtherLetters(_ value: UInt32) -> Bool {
        switch value {
        case 0x3400..<0x4D80, 0x4E00..<0x9F80, 0xA080..<0xA480, 0xAC00..<0xD780, 0x17000..<0x18780, 0x20000..<0x2A680,
            0x2A700..<0x2B700, 0x2B880..<0x2CE80, 0x2CF00..<0x2EB80, 0x30000..<0x31300, 0x31380..<0x32380:
            true
        default: false
        }
    }

    private static func bits(of value: UInt32, _ profile: ScalarProfile) -> UInt8 {
        guard let scalar = Unicode.Scalar(value) else { return 0 }
        switch value {
        case 0x0A, 0x0D: return ScalarClass.space | ScalarClass.lineEnd
        // White_Space, which is settled.
        case 0x09...0x0C, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            return ScalarClass.space
        default: break
        }
        let isUpperASCII = (0x41...0x5A).contains(value)
        let isLowerASCII = (0x61...0x7A).contains(value)
        // U+0295 has been a letter without case since Unicode 17 only.
        let category = value == 0x295 ? .lowercaseLetter : scalar.properties.generalCategory
        var bits = bits(of: category, profile, isASCIILetter: isUpperASCII || isLowerASCII)
        guard bits != 0, isAssigned(scalar, category, profile) else { return 0 }
        if profile == .llamaCases, isUpperASCII || isLowerASCII {
            bits |= isUpperASCII ? ScalarClass.upper : ScalarClass.lower
        }
        return bits
    }

    /// Whether the profile's version of Unicode has a scalar that the standard library's has.
    private static func isAssigned(
        _ scalar: Unicode.Scalar, _ category: Unicode.GeneralCategory, _ profile: ScalarProfile
    ) -> Bool {
        guard scalar.value >= 0x300 else { return true }
        guard let age = scalar.properties.age else { return false }
        return switch profile {
        case .llama, .llamaCases: age.major <= 15
        case .unicode16: age.major <= 16
        case .unicode16Digits: age.major <= (isNumber(category) ? 17 : 16)
        }
    }

    private static func isNumber(_ category: Unicode.GeneralCategory) -> Bool {
        category == .decimalNumber || category == .letterNumber || category == .otherNumber
    }

    private static func bits(
        of category: Unicode.GeneralCategory, _ profile: ScalarProfile, isASCIILetter: Bool
    ) -> UInt8 {
        let bits: UInt8 =
            switch category {
            case .uppercaseLetter, .titlecaseLetter: ScalarClass.letter | ScalarClass.upper
            case .lowercaseLetter: ScalarClass.letter | ScalarClass.lower
            case .modifierLetter, .otherLetter: ScalarClass.letter | ScalarClass.upper | ScalarClass.lower
            case .nonspacingMark, .spacingMark, .enclosingMark: ScalarClass.upper | ScalarClass.lower
            case .decimalNumber, .letterNumber, .otherNumber: ScalarClass.number
            default: 0
            }
        guard profile == .llamaCases else { return bits }
        guard bits & ScalarClass.letter != 0 else { return bits & ~(ScalarClass.upper | ScalarClass.lower) }
        return isASCIILetter ? ScalarClass.letter : ScalarClass.letter | ScalarClass.upper | ScalarClass.lower
    }
}
