/// What the patterns ask of a scalar, one bit each.
struct ScalarClass: Sendable {
    static let letter: UInt8 = 1 << 0
    static let number: UInt8 = 1 << 1
    /// `\s`: the property White_Space.
    static let space: UInt8 = 1 << 2
    /// CR and LF, which are white space too.
    static let lineEnd: UInt8 = 1 << 3
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
    static let upper: UInt8 = 1 << 4
    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
    static let lower: UInt8 = 1 << 5
    /// No scalar: the end of the text.
    static let end: UInt8 = 1 << 7

    /// The class, and over how many bytes the scalar stands.
    var bits: UInt8
    var width: Int

    @inline(__always)
    func has(_ mask: UInt8) -> Bool { bits & mask != 0 }

    /// `[^\s\p{L}\p{N}]`.
    @inline(__always)
    var isOther: Bool { bits & (Self.letter | Self.number | Self.space | Self.end) == 0 }

    /// `[^\r\n\p{L}\p{N}]`.
    @inline(__always)
    var isPrefix: Bool { bits & (Self.letter | Self.number | Self.lineEnd | Self.end) == 0 }
}
