/// A number during a calculation: exact as long as the operations are, floating point after the first that is not.
enum Quantity: Sendable, Hashable {
    case exact(Fraction)
    case approximate(Double)

    var isZero: Bool {
        switch self {
        case .exact(let value): value.isZero
        case .approximate(let value): value == 0
        }
    }

    var isNegative: Bool {
        switch self {
        case .exact(let value): value.isNegative
        case .approximate(let value): value < 0
        }
    }

    var negated: Quantity {
        switch self {
        case .exact(let value): .exact(value.negated)
        case .approximate(let value): .approximate(0 - value)
        }
    }

    var magnitude: Quantity {
        switch self {
        case .exact(let value): .exact(value.magnitude)
        case .approximate(let value): .approximate(value.magnitude)
        }
    }
}
