import Foundation
import OrchCore
import OrchTestSupport
import Testing

@Suite("Base 64, read strictly")
struct Base64Tests {
    static let samples = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("The samples of RFC 4648 section 10", arguments: samples)
    func rfc(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test("Is Foundation's, for bytes of any number")
    func foundation() {
        var generator = SeededGenerator(seed: 64)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(Base64.decode(text) == bytes)
            #expect(Base64.encode(bytes[(count / 2)...]) == Data(bytes[(count / 2)...]).base64EncodedString())
        }
    }

    static let refused: [String] = [
        "=", "==", "====", "A", "AA", "AAA", "A=", "A==", "A===", "AA=", "AA=A", "AAA=A", "AAAA=", "AAAA==", "AAAA====",
        "AA==AAAA", "AAA=AAAA", "=AAA", "A=AA", "Zg", "Zm8", "Zm9vYg", "Zh==", "Zm9=", "AB==", "AAB=", "//==", "Zm9v\n",
        "Zm9v\r\n", "Zm\n9v", " Zm9v", "Zm9v ", "Zm 9", "Zm9v\0", "Zm9-", "Zm9_", "Zm9é", "Zm.v", "Ｚm9v", "K\u{212A}KK",
    ]

    @Test("Refuses bits beyond the last byte, other padding, white space, and digits of others", arguments: refused)
    func refuses(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("No two texts mean the same bytes")
    func unique() {
        let digits = (0..<64).map { Base64.encode([UInt8($0) << 2]).prefix(1) }
        let pairs = digits.flatMap { first in digits.map { "\(first)\($0)" } }
        #expect(pairs.count { Base64.decode("\($0)==") != nil } == 256)
        #expect(pairs.count { Base64.decode("A\($0)=") != nil } == 1024)
        for pair in pairs {
            for text in ["\(pair)==", "A\(pair)="] {
                if let bytes = Base64.decode(text), Base64.encode(bytes) != text { Issue.record("\(text)") }
            }
        }
    }

    @Test("Base 16 reads back what it has written, and no other case")
    func base16() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
        #expect(Hexadecimal.decode("") == [])
        for text in ["0", "000", "0A", "A0", "0g", "g0", " 0", "0x", "é0", "00\n", "+1", "-1", "٠٠"] {
            #expect(Hexadecimal.decode(text) == nil, "\(text)")
        }
    }
}
