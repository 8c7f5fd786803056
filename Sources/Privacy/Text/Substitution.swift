/// What one character beyond ASCII stands for.
enum Substitution {
    case keep
    /// It has no width.
    case drop
    case byte(UInt8)

    /// - Parameter width: The bytes of the character, all of them there.
    static func of(_ raw: UnsafeRawBufferPointer, at index: Int, width: Int) -> Substitution {
        switch width {
        case 2: two(UInt32(raw[index] & 0x1F) << 6 | UInt32(raw[index + 1] & 0x3F))
        case 3:
            three(
                UInt32(raw[index] & 0x0F) << 12 | UInt32(raw[index + 1] & 0x3F) << 6 | UInt32(raw[index + 2] & 0x3F))
        case 4:
            four(
                UInt32(raw[index] & 0x07) << 18 | UInt32(raw[index + 1] & 0x3F) << 12
                    | UInt32(raw[index + 2] & 0x3F) << 6 | UInt32(raw[index + 3] & 0x3F))
        default: .keep
        }
    }

    private static func two(_ scalar: UInt32) -> Substitution {
        switch scalar {
        // Soft hyphen, combining grapheme joiner, Arabic letter mark.
        case 0xAD, 0x34F, 0x61C: .drop
        case 0xA0: .byte(0x20)
        case 0x660...0x669: digit(scalar, from: 0x660)
        case 0x6F0...0x6F9: digit(scalar, from: 0x6F0)
        // Arabic full stop.
        case 0x6D4: .byte(0x2E)
        default: .keep
        }
    }

    private static func three(_ scalar: UInt32) -> Substitution {
        switch scalar {
        case 0x966...0x96F: digit(scalar, from: 0x966)
        case 0x9E6...0x9EF: digit(scalar, from: 0x9E6)
        case 0xE50...0xE59: digit(scalar, from: 0xE50)
        // Vowel separator, zero-width spaces and joiners, marks of direction, word joiners, byte order mark.
        case 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFE00...0xFE0F, 0xFEFF:
            .drop
        case 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .byte(0x20)
        // Hyphens, dashes, the minus sign.
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: .byte(0x2D)
        // One dot leader, ideographic full stops, small full stop.
        case 0x2024, 0x3002, 0xFF61, 0xFE52: .byte(0x2E)
        // Small and other clothes of the at sign.
        case 0xFE6B: .byte(0x40)
        // Fraction slash.
        case 0x2044: .byte(0x2F)
        // Full-width ASCII; a quotation mark stays, as ASCII's own ends a value.
        case 0xFF01...0xFF5E where scalar != 0xFF02 && scalar != 0xFF07 && scalar != 0xFF40:
            .byte(UInt8(scalar - 0xFF01 + 0x21))
        default: .keep
        }
    }

    private static func four(_ scalar: UInt32) -> Substitution {
        switch scalar {
        // Mathematical digits, five styles of ten.
        case 0x1D7CE...0x1D7FF: .byte(0x30 + UInt8((scalar - 0x1D7CE) % 10))
        // Mathematical letters, thirteen styles of two alphabets.
        case 0x1D400...0x1D6A3:
            (scalar - 0x1D400) % 52 < 26
                ? .byte(0x41 + UInt8((scalar - 0x1D400) % 52)) : .byte(0x61 + UInt8((scalar - 0x1D400) % 52 - 26))
        // Tags, variation selectors.
        case 0xE0000...0xE007F, 0xE0100...0xE01EF: .drop
        default: .keep
        }
    }

    private static func digit(_ scalar: UInt32, from zero: UInt32) -> Substitution {
        .byte(0x30 + UInt8(scalar - zero))
    }
}
