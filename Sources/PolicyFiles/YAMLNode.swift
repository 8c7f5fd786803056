/// A YAML value with its place, within the bounds of ``PolicyFileLimits``, aliases spelled out.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// Only a plain scalar may stand for something else than its text.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// No key comes twice.
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let position: SourcePosition
        let value: YAMLNode
    }

    let content: Content
    let position: SourcePosition
}

/// What a plain scalar means, by YAML 1.2's core schema: `yes`, `on` and dates are text.
enum YAMLScalar: Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    /// A number that no type here can hold: too large, infinite, or not a number.
    case unrepresentable

    init(_ text: String, isPlain: Bool) {
        guard isPlain else {
            self = .text(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default: self = YAMLScalar.number(text) ?? .text(text)
        }
    }

    /// What the scalar is called in a message.
    var typeName: String {
        switch self {
        case .null: "nothing"
        case .bool: "true or false"
        case .integer, .number, .unrepresentable: "a number"
        case .text: "text"
        }
    }

    private static func number(_ text: String) -> YAMLScalar? {
        let bytes = Array(text.utf8)
        let hasSign = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
        let unsigned = bytes.dropFirst(hasSign ? 1 : 0)
        if [".inf", ".Inf", ".INF"].contains(String(decoding: unsigned, as: UTF8.self)) { return .unrepresentable }
        if [".nan", ".NaN", ".NAN"].contains(text) { return .unrepresentable }
        if !hasSign, text.hasPrefix("0x"), text.utf8.count > 2 { return radix(text.dropFirst(2), 16) }
        if !hasSign, text.hasPrefix("0o"), text.utf8.count > 2 { return radix(text.dropFirst(2), 8) }
        if !unsigned.isEmpty, unsigned.allSatisfy(isDigit) {
            return Int(text).map { .integer($0) } ?? .unrepresentable
        }
        guard isDecimal(unsigned), let value = Double(text) else { return nil }
        return value.isFinite ? .number(value) : .unrepresentable
    }

    private static func radix(_ digits: Substring, _ radix: Int) -> YAMLScalar? {
        guard digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else { return nil }
        return Int(digits, radix: radix).map { .integer($0) } ?? .unrepresentable
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isDecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        guard let mantissa = parts.first else { return false }
        let halves = mantissa.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let hasDigits = halves.contains { !$0.isEmpty }
        guard hasDigits, halves.allSatisfy({ $0.allSatisfy(isDigit) }) else { return false }
        guard parts.count == 2 else { return true }
        let isSign = parts[1].first == UInt8(ascii: "+") || parts[1].first == UInt8(ascii: "-")
        let exponent = parts[1].dropFirst(isSign ? 1 : 0)
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }
}
