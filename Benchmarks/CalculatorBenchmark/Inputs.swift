/// What inputs are made of.
enum InputKind: String, CaseIterable {
    case randomText = "random text"
    case unicode
    case mutated
    case grammar
    case nesting
    case digits
    case exponents
    case towers
    case functions
    case chains
    case signs
    case repeated
    case quotients = "large quotients"
}

/// A seeded source of inputs of up to the longest length, and a little more.
struct Inputs {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func text(_ kind: InputKind) -> String {
        switch kind {
        case .randomText: return pieces(1...1_000, of: Self.characters)
        case .unicode: return unicode()
        case .mutated: return mutated()
        case .grammar: return expression(depth: below(7), room: room())
        case .nesting: return nesting()
        case .digits: return joined(room()) { $0.number(longest: 400) }
        case .exponents: return joined(room()) { $0.power() }
        case .towers: return tower()
        case .functions:
            return joined(room()) { $0.call { $0.oneIn(2) ? $0.pick(Self.heavy) : $0.expression(depth: 1, room: 60) } }
        case .chains: return chain()
        case .signs: return pieces(1...70, of: ["+", "-", "−", "- ", "--"]) + number(longest: 20)
        case .repeated: return repeated()
        case .quotients: return quotients()
        }
    }

    // MARK: Classes

    private static let characters = Array("0123456789.eE+-*/%(),_ ^$piabsqrtlnmxgcdfo×÷−\n").map(String.init)
    private static let operators = ["+", "-", "*", "/", "//", "%", "**", " + ", "×", "÷", "−"]
    private static let functions = [
        "sqrt", "cbrt", "abs", "floor", "ceil", "trunc", "exp", "ln", "log2", "log10", "sin", "cos", "tan", "asin",
        "acos",
        "atan", "degrees", "radians", "factorial", "isqrt",
    ]
    private static let functionsOfTwo = ["round", "log", "atan2", "mod"]
    private static let functionsOfMany = ["min", "max", "gcd", "lcm", "hypot"]
    /// Expressions that take long for their length.
    private static let heavy = [
        "9**9999", "7**9999", "10**9999", "2**33219", "3**10000", "9**4999", "7**4999", "9.99e9999", "9e9998",
        "factorial(3248)", "1e-4900", "1e-4932", "5e-324", "1.1**999", "(1/3)**1000", "1/3**10000", "2.5**1000",
        "1e-400",
        "2**16000", "(2**16000+1)/3**10000", "exp(1)", "pi", "9**321", "1e308", "3**2000", "7**1000", "1/7", "0.1",
    ]

    private mutating func unicode() -> String {
        let scalars = (0..<(1 + below(330))).compactMap { _ in
            Unicode.Scalar(UInt32(below(oneIn(3) ? 0x11_0000 : 0x3000)))
        }
        var text = String(String.UnicodeScalarView(scalars))
        if oneIn(2) { text = joined(200) { $0.number(longest: 10) } + text }
        return text
    }

    private mutating func mutated() -> String {
        var scalars = Array(expression(depth: below(6), room: room()).unicodeScalars)
        for _ in 0...below(6) {
            let place = below(scalars.count + 1)
            switch below(4) {
            case 0: scalars.insert(contentsOf: pick(Self.characters).unicodeScalars, at: place)
            case 1: if place < scalars.count { scalars.remove(at: place) }
            case 2: if place < scalars.count { scalars.swapAt(place, below(scalars.count)) }
            default: scalars.insert(contentsOf: scalars.prefix(below(60)), at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private mutating func nesting() -> String {
        let opening = pick([
            "(", "abs(", "-(", "+(", "2**(", "sqrt(", "1+(", "gcd(6,", "max(1,", "hypot(3,", "1/(2+", "floor(",
        ])
        let levels = 1 + below(70)
        let text = String(repeating: opening, count: levels) + pick(Self.heavy)
        return text + String(repeating: ")", count: oneIn(20) ? levels - 1 : levels)
    }

    private mutating func tower() -> String {
        let levels = 2 + below(70)
        if oneIn(2) { return (0..<levels).map { _ in number(longest: 3) }.joined(separator: "**") }
        let text = (0..<levels).map { _ in number(longest: 2) }.joined(separator: ")**")
        return String(repeating: "(", count: levels - 1) + text
    }

    private mutating func chain() -> String {
        let symbol = pick(Self.operators)
        let items = (0...below(3)).map { _ in oneIn(2) ? pick(Self.heavy) : number(longest: 30) }
        return filled(room(), between: symbol) { $0.pick(items) }
    }

    private mutating func repeated() -> String {
        let item = oneIn(2) ? pick(Self.heavy) : call { $0.pick(Self.heavy) }
        if oneIn(3) { return pick(Self.functionsOfMany) + "(" + filled(990, between: ",") { _ in item } + ")" }
        return filled(room(), between: pick(Self.operators)) { _ in item }
    }

    /// A fraction, or a divisor, whose continued fraction has the same few large quotients throughout, and short
    /// operations after it.
    private mutating func quotients() -> String {
        let quotient = (1 << (18 + below(8))) + below(1 << 18)
        // 1/q, or 1/(q + 1/(1 + 1/q)).
        var (top, bottom) = oneIn(2) ? ("1", quotient) : ("\(quotient + 1)", quotient * (quotient + 2))
        if oneIn(4) { (top, bottom) = ("1", bottom + below(bottom)) }
        var power = 1
        for _ in 0..<(3 + below(7)) {
            // The quotients so far, and then the same ones backwards.
            top = "(\(top)*\(bottom)**\(power)+1)"
            power *= 2
        }
        if oneIn(4) { return "gcd(\(top),\(bottom)**\(power))" }
        let tail = pick(["+0", "*1", "-0", "/1", "+1/7", "*3/3", "/3"])
        let text = "\(top)/\(bottom)**\(power)"
        return text + String(repeating: tail, count: max(0, room() - text.utf8.count) / tail.utf8.count)
    }

    // MARK: Parts

    private mutating func number(longest: Int) -> String {
        let whole = digits(1 + below(oneIn(8) ? longest : min(longest, 6)))
        switch below(8) {
        case 0: return whole + "." + digits(1 + below(longest))
        case 1: return whole + "e" + pick(["", "-", "+"]) + digits(1 + below(4))
        case 2: return "." + whole
        default: return whole
        }
    }

    private mutating func power() -> String {
        let base = oneIn(4) ? "(\(pick(Self.heavy)))" : number(longest: 12)
        return base + "**" + pick(["", "", "", "-", "0."]) + digits(1 + below(oneIn(6) ? 30 : 5))
    }

    private mutating func call(_ argument: (inout Inputs) -> String) -> String {
        let (functions, count) =
            switch below(7) {
            case 0: (Self.functionsOfTwo, 2)
            case 1, 2: (Self.functionsOfMany, 1 + below(5))
            case 3: (Self.functions + Self.functionsOfTwo, 1 + below(3))
            default: (Self.functions, 1)
            }
        let name = pick(functions)
        return name + "(" + (0..<count).map { _ in argument(&self) }.joined(separator: ",") + ")"
    }

    private mutating func expression(depth: Int, room: Int) -> String {
        guard depth > 0, room > 12 else { return oneIn(6) ? pick(Self.heavy) : number(longest: 25) }
        switch below(10) {
        case 0...4:
            let left = expression(depth: depth - 1, room: room / 2)
            return left + pick(Self.operators) + expression(depth: depth - 1, room: room / 2)
        case 5, 6: return "(" + expression(depth: depth - 1, room: room - 2) + ")"
        case 7: return "-" + expression(depth: depth - 1, room: room - 1)
        case 8: return power()
        default: return call { $0.expression(depth: depth - 1, room: room / 3) }
        }
    }

    /// Items with an operator of their own between each two, up to a length.
    private mutating func joined(_ length: Int, _ item: (inout Inputs) -> String) -> String {
        var text = item(&self)
        while true {
            let next = pick(Self.operators) + item(&self)
            if text.utf8.count + next.utf8.count > length { return text }
            text += next
        }
    }

    private mutating func filled(_ length: Int, between symbol: String, _ item: (inout Inputs) -> String) -> String {
        var text = item(&self)
        while true {
            let next = symbol + item(&self)
            if text.utf8.count + next.utf8.count > length { return text }
            text += next
        }
    }

    private mutating func pieces(_ lengths: ClosedRange<Int>, of pieces: [String]) -> String {
        let count = lengths.lowerBound + below(lengths.count)
        return (0..<count).map { _ in pick(pieces) }.joined()
    }

    private mutating func digits(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in UInt8(ascii: "0") + UInt8(below(10)) }, as: UTF8.self)
    }

    // MARK: Chance

    /// How long an input may be: half of them the longest that is read.
    private mutating func room() -> Int {
        oneIn(2) ? 1_000 : 1 + below(1_010)
    }

    private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }

    private mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    /// By SplitMix64.
    private mutating func below(_ count: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        return Int(mixed.multipliedFullWidth(by: UInt64(count)).high)
    }
}
