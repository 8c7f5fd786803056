extension Shape {
    /// Reads a shape as it is written in the catalogues: letters stand for themselves, `[…]` is a class, `\d` a digit,
    /// `\w` a letter, digit or underscore, `\h` a hexadecimal digit in lower case, `{3}`, `{3,5}`, `{3,}` and `?` are
    /// counts, any other byte behind a backslash is that byte. Nothing else is known, above all no alternatives.
    ///
    /// What cannot be read is our own mistake, which the tests of the catalogues find: it gives a shape that matches
    /// nothing.
    init(_ source: String, ignoringCase: Bool = false) {
        var reader = ShapeReader(Array(source.utf8), ignoringCase: ignoringCase)
        self.init(parts: reader.parts() ?? [Part(set: ByteSet(), minimum: 1, maximum: 1)])
    }

    /// Whether the shape can match anything.
    var isUsable: Bool { !parts.isEmpty && parts.allSatisfy { $0.set != ByteSet() } }
}

extension ByteSet {
    /// The one byte of the set, in lower case, also where the set has both cases of a letter.
    var singleLetter: UInt8? {
        // Of the two cases of a letter, the upper one is the lower byte.
        guard let first, first < 0x80 else { return nil }
        let byte = Byte.lowercased(first)
        return count == 1 || count == 2 && byte != first && contains(byte) ? byte : nil
    }
}

private struct ShapeReader {
    private let source: [UInt8]
    private let ignoringCase: Bool
    private var index = 0
    private static let unlimited = 4096

    init(_ source: [UInt8], ignoringCase: Bool) {
        self.source = source
        self.ignoringCase = ignoringCase
    }

    mutating func parts() -> [Shape.Part]? {
        var parts: [Shape.Part] = []
        while index < source.count {
            guard let set = set(), let count = count() else { return nil }
            parts.append(Shape.Part(set: set, minimum: count.lowerBound, maximum: count.upperBound))
        }
        return parts
    }

    private mutating func set() -> ByteSet? {
        var set = ByteSet()
        switch source[index] {
        case UInt8(ascii: "["):
            index += 1
            while let byte = peek(), byte != UInt8(ascii: "]") {
                guard let first = member(&set) else { continue }
                guard peek() == UInt8(ascii: "-"), index + 1 < source.count, source[index + 1] != UInt8(ascii: "]")
                else {
                    insert(first, &set)
                    continue
                }
                index += 1
                guard let last = peek(), last >= first else { return nil }
                index += 1
                for byte in first...last { insert(byte, &set) }
            }
            guard peek() != nil else { return nil }
            index += 1
        default:
            if let byte = member(&set) { insert(byte, &set) }
        }
        return set
    }

    /// One byte, or nil where a whole class was put in.
    private mutating func member(_ set: inout ByteSet) -> UInt8? {
        let byte = source[index]
        index += 1
        guard byte == UInt8(ascii: "\\"), let escaped = peek() else { return byte }
        index += 1
        switch escaped {
        case UInt8(ascii: "d"): set.formUnion(ByteSet("0123456789"))
        case UInt8(ascii: "h"): set.formUnion(ByteSet("0123456789abcdef"))
        case UInt8(ascii: "w"):
            set.formUnion(ByteSet("0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
        default: return escaped
        }
        return nil
    }

    private func insert(_ byte: UInt8, _ set: inout ByteSet) {
        set.insert(byte)
        guard ignoringCase, Byte.isLetter(byte) else { return }
        set.insert(byte ^ 0x20)
    }

    private mutating func count() -> ClosedRange<Int>? {
        guard let byte = peek() else { return 1...1 }
        if byte == UInt8(ascii: "?") {
            index += 1
            return 0...1
        }
        guard byte == UInt8(ascii: "{") else { return 1...1 }
        index += 1
        guard let minimum = number() else { return nil }
        var maximum = minimum
        if peek() == UInt8(ascii: ",") {
            index += 1
            maximum = number() ?? Self.unlimited
        }
        guard peek() == UInt8(ascii: "}"), maximum >= minimum else { return nil }
        index += 1
        return minimum...maximum
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = peek(), Byte.isDigit(byte), value ?? 0 < 10_000 {
            value = (value ?? 0) * 10 + Int(byte - 0x30)
            index += 1
        }
        return value
    }

    private func peek() -> UInt8? { index < source.count ? source[index] : nil }
}
