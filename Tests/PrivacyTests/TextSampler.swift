import OrchTestSupport

@testable import OrchPrivacy

/// Makes texts of findings, near misses, noise and broken bytes, the same for the same seed.
struct TextSampler {
    private var generator: SeededGenerator
    private static let pieces: [[UInt8]] = {
        var sampler = ShapeSampler(generator: SeededGenerator(seed: 1))
        var pieces = TokenRules.all.flatMap(\.shapes).map { sampler.text(of: $0) }.filter { $0.count < 400 }
        pieces += (PersonalCases.all + SecretCases.all).flatMap { $0.positives + $0.misses }.map {
            MarkedText($0).bytes
        }
        pieces += [
            " ", "\n", " and ", "token=", "password: ", "curl -u ", "-----BEGIN ", "kind: secret data: ",
            "\ndata:\n  key: bXlwYXNzd29yZA==\n", "kind: Secret\n", "é", "—",
            "１２", "%41", "%",
            "\u{200B}", "\u{1F600}", "．", "http://", "@", ":", "::", "1", "12 ", "0", "ey", "-", ".", "eyJhbGciOi",
            "call ", "=", "\"",
            "data:\n", "Phone: ", "bc1", "IBAN DE", "a", "Zm9v", "\\n",
        ].map { Array($0.utf8) }
        pieces += [[0xE2], [0x80], [0xFF], [0xF0, 0x9F], [0], [0xEF, 0xBC], Array(repeating: 0x31, count: 30)]
        return pieces
    }()

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(below bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

    mutating func text() -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<1 + number(below: 12) {
            var piece = Self.pieces[number(below: Self.pieces.count)]
            switch number(below: 12) {
            case 0 where !piece.isEmpty: piece[number(below: piece.count)] = UInt8(number(below: 256))
            case 1: piece = Self.widened(piece)
            case 2: piece = piece.flatMap { [$0] + (number(below: 4) == 0 ? [0xE2, 0x80, 0x8B] : []) }
            case 3: piece = Self.base64(piece)
            default: break
            }
            text += piece
            if number(below: 3) == 0 { text.append(UInt8(ascii: " ")) }
        }
        return text
    }

    /// ASCII in its full-width form.
    static func widened(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            guard (0x21...0x7E).contains(byte) else { return [byte] }
            return Array(String(Character(Unicode.Scalar(UInt32(byte) - 0x21 + 0xFF01) ?? " ")).utf8)
        }
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word: UInt32 = 0
            for index in 0..<3 { word = word << 8 | UInt32(index < group.count ? group[start + index] : 0) }
            for index in 0..<4 {
                result.append(
                    index <= group.count ? alphabet[Int(word >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return result
    }
}
