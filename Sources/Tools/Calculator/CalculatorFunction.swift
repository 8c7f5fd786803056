/// The functions that an expression may call.
enum CalculatorFunction: String, Sendable, CaseIterable {
    case sqrt, cbrt, abs, round, floor, ceil, trunc
    case exp, ln, log, log2, log10
    case sin, cos, tan, asin, acos, atan, atan2, degrees, radians
    case min, max, gcd, lcm, factorial, hypot, isqrt, mod

    /// How many arguments it takes.
    var argumentCount: ClosedRange<Int> {
        switch self {
        case .round, .log: 1...2
        case .atan2, .mod: 2...2
        case .min, .max, .gcd, .lcm, .hypot: 1...Int.max
        default: 1...1
        }
    }
}
