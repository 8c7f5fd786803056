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
        let expression = try parser.chain(.sum)
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

    // MARK: Grammar

    /// A sum is a chain of products, a product one of signed values.
    private enum Precedence { case sum, product }

    private mutating func chain(_ precedence: Precedence) throws(CalculationError) -> Expression {
        let first = try operand(of: precedence)
        var rest: [Expression.Step] = []
        while let operation = operation(of: precedence) {
            let position = current.position
            index += 1
            rest.append(
                Expression.Step(operation: operation, operand: try operand(of: precedence), position: position))
        }
        return rest.isEmpty ? first : .chain(first: first, rest: rest)
    }

    private mutating func operand(of precedence: Precedence) throws(CalculationError) -> Expression {
        switch precedence {
        case .sum: try chain(.product)
        case .product: try signed()
        }
    }

    private func operation(of precedence: Precedence) -> Expression.Operation? {
        switch (precedence, current.kind) {
        case (.sum, .plus): .add
        case (.sum, .minus): .subtract
        case (.product, .times): .multiply
        case (.product, .divide): .divide
        case (.product, .floorDivide): .floorDivide
        case (.product, .remainder): .remainder
        default: nil
        }
    }

    private mutating func signed() throws(CalculationError) -> Expression {
        switch current.kind {
        case .plus:
            index += 1
            return try nestedSigned()
        case .minus:
            index += 1
            return .negated(try nestedSigned())
        default:
            return try power()
        }
    }

    private mutating func power() throws(CalculationError) -> Expression {
        let base = try atom()
        guard current.kind == .power else { return base }
        let position = current.position
        index += 1
        let exponent = try nestedSigned()
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
            let inner = try nestedSum()
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
        let arguments = try arguments()
        guard function.argumentCount.contains(arguments.count) else {
            throw CalculationError(.wrongArgumentCount, "wrong number of arguments", at: position)
        }
        return .call(function, arguments: arguments, position: position)
    }

    private mutating func arguments() throws(CalculationError) -> [Expression] {
        let opening = current.position
        guard current.kind == .openParenthesis else {
            throw failure(.valueExpected, "a function needs its arguments in parentheses")
        }
        index += 1
        var arguments: [Expression] = []
        if current.kind != .closeParenthesis {
            arguments.append(try nestedSum())
            while current.kind == .comma {
                index += 1
                arguments.append(try nestedSum())
            }
        }
        try close(openedAt: opening)
        return arguments
    }

    private mutating func close(openedAt opening: Int) throws(CalculationError) {
        switch current.kind {
        case .closeParenthesis: index += 1
        case .end: throw CalculationError(.unbalancedParenthesis, "parenthesis is not closed", at: opening)
        default: throw failure(.trailingInput, "operator or closing parenthesis expected")
        }
    }

    // MARK: Nesting

    private mutating func nestedSum() throws(CalculationError) -> Expression {
        try descend()
        defer { depth -= 1 }
        return try chain(.sum)
    }

    private mutating func nestedSigned() throws(CalculationError) -> Expression {
        try descend()
        defer { depth -= 1 }
        return try signed()
    }

    private mutating func descend() throws(CalculationError) {
        guard depth < maximumDepth else {
            throw failure(.nestingTooDeep, "nested deeper than \(maximumDepth) levels")
        }
        depth += 1
    }

    private func failure(_ code: CalculationError.Code, _ reason: String) -> CalculationError {
        CalculationError(code, reason, at: current.position)
    }
}
