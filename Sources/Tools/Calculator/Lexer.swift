/// Cuts an expression into tokens.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ expression: String) {
        scalars = Array(expression.unicodeScalars)
    }

    /// All tokens, the last one being `.end`.
    static func tokens(of expression: String) throws(CalculationError) -> [Token] {
        var lexer = Lexer(expression)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(CalculationError) -> Token {
        while let scalar = peek(), scalar == " " || ("\t"..."\r").contains(scalar) { index += 1 }
        let start = index
        guard let scalar = peek() else { return Token(kind: .end, position: start + 1) }
        if isDigit(scalar) || (scalar == "." && isDigit(peek(1))) {
            let literal = try number()
            return Token(kind: .number(literal), position: start + 1)
        }
        if isLetter(scalar) {
            while let next = peek(), isLetter(next) || isDigit(next) { index += 1 }
            var name = ""
            name.unicodeScalars.append(contentsOf: scalars[start..<index])
            return Token(kind: .name(name), position: start + 1)
        }
        return Token(kind: try symbol(scalar), position: start + 1)
    }

    private mutating func symbol(_ scalar: Unicode.Scalar) throws(CalculationError) -> Token.Kind {
        let position = index + 1
        index += 1
        switch scalar {
        case "+": return .plus
        case "-", "\u{2212}": return .minus
        case "*": return take("*") ? .power : .times
        case "\u{00D7}": return .times
        case "/": return take("/") ? .floorDivide : .divide
        case "\u{00F7}": return .divide
        case "%": return .remainder
        case "(": return .openParenthesis
        case ")": return .closeParenthesis
        case ",": return .comma
        case "^":
            throw CalculationError(.unexpectedCharacter, "unexpected character, use ** for powers", at: position)
        default:
            throw CalculationError(.unexpectedCharacter, "unexpected character", at: position)
        }
    }

    /// Digits with single underscores between them, an optional fraction, an optional power of ten.
    private mutating func number() throws(CalculationError) -> DecimalLiteral {
        let start = index
        var digits: [UInt8] = []
        try digitRun(into: &digits, numberAt: start)
        var fractionDigits = 0
        if take(".") {
            let before = digits.count
            if peek() == "_" { throw malformed(start) }
            try digitRun(into: &digits, numberAt: start)
            fractionDigits = digits.count - before
        }
        var exponent = 0
        if peek() == "e" || peek() == "E" {
            index += 1
            let negative = peek() == "-" || peek() == "\u{2212}"
            if negative || peek() == "+" { index += 1 }
            var exponentDigits: [UInt8] = []
            try digitRun(into: &exponentDigits, numberAt: start)
            if exponentDigits.isEmpty { throw malformed(start) }
            for digit in exponentDigits {
                exponent = min(exponent * 10 + Int(digit - UInt8(ascii: "0")), DecimalLiteral.exponentCap)
            }
            if negative { exponent.negate() }
        }
        if let next = peek(), isLetter(next) || isDigit(next) || next == "." { throw malformed(start) }
        return DecimalLiteral(digits: digits, exponent: exponent - fractionDigits)
    }

    private mutating func digitRun(into digits: inout [UInt8], numberAt start: Int) throws(CalculationError) {
        while let scalar = peek() {
            if isDigit(scalar) {
                digits.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if scalar == "_" {
                guard index > 0, isDigit(scalars[index - 1]), isDigit(peek(1)) else { throw malformed(start) }
            } else {
                return
            }
            index += 1
        }
    }

    private func malformed(_ start: Int) -> CalculationError {
        CalculationError(.malformedNumber, "malformed number", at: start + 1)
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        index += 1
        return true
    }

    private func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { ("0"..."9").contains($0) } ?? false
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
