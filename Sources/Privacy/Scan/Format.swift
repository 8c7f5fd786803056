/// A written form of words and separators, as `ddd-dd-dddd`: `d` is a digit, `L` a letter of ASCII, `A` either, and
/// anything else stands for itself.
///
/// A form with an `A` is one word, looked up by its length alone.
struct Format: Sendable {
    /// The letters and digits of a match without separators, in upper case.
    typealias Content = UnsafeBufferPointer<UInt8>
    typealias Validator = @Sendable (Content) -> Bool

    let pattern: [UInt8]
    /// Without these words beside it, a match is no finding, or one of `weak` confidence.
    let context: ContextWords?
    let needsContext: Bool
    /// Confidence without context words; nil is the detector's.
    let weak: UInt8?
    /// Whether small letters count.
    let anyCase: Bool
    let validate: Validator

    init(
        _ pattern: String, context: ContextWords? = nil, needsContext: Bool = false, weak: UInt8? = nil,
        anyCase: Bool = true, _ validate: @escaping Validator = { _ in true }
    ) {
        self.pattern = Array(pattern.utf8)
        self.context = context
        self.needsContext = needsContext
        self.weak = weak
        self.anyCase = anyCase
        self.validate = validate
    }

    /// The signatures up to each separator.
    var beginnings: [UInt64] {
        var signature = FormSignature()
        var beginnings: [UInt64] = []
        for byte in pattern {
            switch byte {
            case UInt8(ascii: "d"): signature.add(UInt8(ascii: "0"))
            case UInt8(ascii: "L"), UInt8(ascii: "A"): signature.add(UInt8(ascii: "a"))
            default:
                signature.add(byte)
                beginnings.append(signature.value)
            }
        }
        return beginnings
    }

    var signature: UInt64 {
        if pattern.contains(UInt8(ascii: "A")) { return FormSignature.anyWord(length: pattern.count) }
        var signature = FormSignature()
        for byte in pattern {
            switch byte {
            case UInt8(ascii: "d"): signature.add(UInt8(ascii: "0"))
            case UInt8(ascii: "L"): signature.add(UInt8(ascii: "a"))
            default: signature.add(byte)
            }
        }
        return signature.value
    }
}

/// A number that stands for a form; unlike forms may share one, so that a match is compared with the pattern.
struct FormSignature {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        let symbol: UInt8 = Byte.isDigit(byte) ? 1 : Byte.isLetter(byte) ? 2 : byte
        value = (value ^ UInt64(symbol)) &* 0x0000_0100_0000_01B3
    }

    static func anyWord(length: Int) -> UInt64 { UInt64(length) | 1 << 63 }
}
