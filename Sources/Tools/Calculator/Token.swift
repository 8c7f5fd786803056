/// One lexical element of an expression.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case number(DecimalLiteral)
        case name(String)
        case plus, minus, times, divide, floorDivide, remainder, power
        case openParenthesis, closeParenthesis, comma
        case end
    }

    let kind: Kind
    /// Of its first Unicode scalar, counted from 1.
    let position: Int
}
