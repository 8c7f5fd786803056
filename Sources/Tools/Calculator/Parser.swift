/// Recursive descent over the tokens, with Python's precedence: sums, products, signs, then `**`, which is
/// right-associative, binds tighter than a sign on its left and looser than one on its right.
struct Parser {
    private let tokens: [Token]
    private let maximumDepth: Int
    private var index = 0
    private var depth = 0

    static func expression(
        from tokens: [Token], maximumDepth: Int
    ) throws(CalculationError) -> Expression {
        var parser = Parser(tokens: tokens, maximumDepth: maximumDepth)
        if parser.current.kind == .end { throw CalculationError(.emptyExpression, "the expression is empty") }
        let expression = try parser.sum()
        switch parser.current.kind {
        case .end: return expression
        case .closeParenthesis:
            throw parser.failure(.unbalancedParenthesis, "closing parenthesis without an opening one")
        case .comma: throw parser.failure(.trailingInput, "comma outside a function call")
        default: throw parser.failure(.trailingInput, "operator expected")
        }
    }

    private init(tokens: [Token], maximumDepth: Int) {
        self.tokens = tokens
        self.maximumDepth = maximumDepth
    }

    /// The last token is `.end`, which is never passed.
    private var current: Token { tokens[index] }

    private mutating func sum() throws(CalculationError) -> Expression {
        try chain(of: { (parser) throws(CalculationError) in try parser.product() }) { kind in
            switch kind {
            case .plus: .add
            case .minus: .subtract
            default: nil
            }
        }
    }

    private mutating func product() throws(CalculationError) -> Expression {
        try chain(of: { (parser) throws(CalculationError) in try parser.signed() }) { kind in
            switch kind {
            case .times: .multiply
            case .divide: .divide
            case .floorDivide: .floorDivide
            case .remainder: .remainder
            default: nil
            }
        }
    }

    private mutating func chain(
        of operand: (inout Parser) throws(CalculationError) -> Expression,
        by operation: (Token.Kind) -> Expression.Operation?
    ) throws(CalculationError) -> Expression {
        let first = try operand(&self)
        var rest: [Expression.Step] = []
        while let operation = operation(current.kind) {
            let position = current.position
            index += 1
            rest.append(Expression.Step(operation: operation, operand: try operand(&self), position: position))
        }
        return rest.isEmpty ? first : .chain(first: first, rest: rest)
    }

    private mutating func signed() throws(CalculationError) -> Expression {
        switch current.kind {
        case .plus:
            index += 1
            return try nested { (parser) throws(CalculationError) in try parser.signed() }
        case .minus:
            index += 1
            return .negated(try nested { (parser) throws(CalculationError) in try parser.signed() })
        default:
            return try power()
        }
    }

    private mutating func power() throws(CalculationError) -> Expression {
        let base = try atom()
        guard current.kind == .power else { return base }
        let position = current.position
        index += 1
        let exponent = try nested { (parser) throws(CalculationError) in try parser.signed() }
        return .power(base: base, exponent: exponent, position: position)
    }

    private mutating func atom() throws(CalculationError) -> Expression {
        let token = current
        switch token.kind {
        case .number(let literal):
            index += 1
            return .number(literal, position: token.position)
        case .name(let name):
            index += 1
            return try named(name, at: token.position)
        case .openParenthesis:
            index += 1
            let inner = try nested { (parser) throws(CalculationError) in try parser.sum() }
            try close(openedAt: token.position)
            return inner
        case .end:
            throw failure(.valueExpected, "the expression ends where a value is expected")
        default:
            throw failure(.valueExpected, "a value is expected")
        }
    }

    private mutating func named(_ name: String, at position: Int) throws(CalculationError) -> Expression {
        if let constant = Expression.Constant(rawValue: name) { return .constant(constant) }
        guard let function = CalculatorFunction(rawValue: name) else {
            throw CalculationError(.unknownName, "unknown name", at: position)
        }
        let opening = current.position
        guard current.kind == .openParenthesis else {
            throw failure(.valueExpected, "a function needs its arguments in parentheses")
        }
        index += 1
        var arguments: [Expression] = []
        if current.kind != .closeParenthesis {
            arguments.append(try nested { (parser) throws(CalculationError) in try parser.sum() })
            while current.kind == .comma {
                index += 1
                arguments.append(try nested { (parser) throws(CalculationError) in try parser.sum() })
            }
        }
        try close(openedAt: opening)
        guard function.argumentCount.contains(arguments.count) else {
            throw CalculationError(.wrongArgumentCount, "wrong number of arguments", at: position)
        }
        return .call(function, arguments: arguments, position: position)
    }

    private mutating func close(openedAt opening: Int) throws(CalculationError) {
        switch current.kind {
        case .closeParenthesis: index += 1
        case .end: throw CalculationError(.unbalancedParenthesis, "parenthesis is not closed", at: opening)
        default: throw failure(.trailingInput, "operator or closing parenthesis expected")
        }
    }

    private mutating func nested(
        _ parse: (inout Parser) throws(CalculationError) -> Expression
    ) throws(CalculationError) -> Expression {
        guard depth < maximumDepth else {
            throw failure(.nestingTooDeep, "nested deeper than \(maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        return try parse(&self)
    }

    private func failure(_ code: CalculationError.Code, _ reason: String) -> CalculationError {
        CalculationError(code, reason, at: current.position)
    }
}
