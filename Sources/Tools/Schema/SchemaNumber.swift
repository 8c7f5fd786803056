import OrchCore

/// A JSON number, compared by its value however it was written.
enum SchemaNumber: Sendable, Hashable {
    case integer(Int)
    /// Not a whole number, or one beyond 64 bits.
    case real(Double)

    init(_ value: Double) {
        if let integer = Int(exactly: value) { self = .integer(integer) } else { self = .real(value) }
    }

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let value): self = .integer(value)
        case .number(let value): self.init(value)
        default: return nil
        }
    }

    var isWhole: Bool {
        switch self {
        case .integer: true
        case .real(let value): value == value.rounded()
        }
    }

    static func < (left: SchemaNumber, right: SchemaNumber) -> Bool {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return a < b
        case (.real(let a), .real(let b)): return a < b
        case (.integer(let a), .real(let b)): return isLess(a, b)
        case (.real(let a), .integer(let b)): return !isLess(b, a)
        }
    }

    static func <= (left: SchemaNumber, right: SchemaNumber) -> Bool { !(right < left) }

    /// Exact also where the integer has no floating-point equal. The two are never equal.
    private static func isLess(_ integer: Int, _ real: Double) -> Bool {
        if real >= 0x1p63 { return true }
        if real < -0x1p63 { return false }
        return integer <= Int(real.rounded(.down))
    }

    /// Whether this is a multiple of a number, both taken as the decimals that they are written as.
    func isMultiple(of divisor: SchemaNumber) -> Bool {
        if case (.integer(let value), .integer(let divisor)) = (self, divisor) { return value.isMultiple(of: divisor) }
        guard let value = decimal, let divisor = divisor.decimal, divisor.digits > 0 else { return false }
        // significand × 10^exponent over significand × 10^exponent
        let shift = value.exponent - divisor.exponent
        let power = DecimalLiteral.powerOfTen(abs(shift))
        return shift >= 0
            ? (value.significand * power).isMultiple(of: divisor.significand)
            : value.significand.isMultiple(of: divisor.significand * power)
    }

    /// The magnitude as a decimal.
    private var decimal: DecimalLiteral? {
        let text =
            switch self {
            case .integer(let value): String(value.magnitude)
            case .real(let value): value.magnitude.description
            }
        guard let tokens = try? Lexer.tokens(of: text), case .number(let literal)? = tokens.first?.kind else {
            return nil
        }
        return literal
    }
}
