import OrchTestSupport
import Testing

@testable import OrchPrivacy

struct LiteralAutomatonTests {
    @Test func everyPlaceOfEveryLiteralIsFoundInAnyCase() {
        let literals = ["he", "she", "his", "hers", "e", "-u"].map { Array($0.utf8) }
        let automaton = LiteralAutomaton(literals)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let text = (0..<40).map { _ in Array("hesrHESi-u.".utf8)[Int(generator.next() % 11)] }
            var hits: [LiteralHit] = []
            text.withUnsafeBytes { automaton.scan($0, into: &hits) }
            #expect(hits == Self.places(of: literals, in: text))
        }
    }

    private static func places(of literals: [[UInt8]], in text: [UInt8]) -> [LiteralHit] {
        var hits: [LiteralHit] = []
        for end in 1...text.count {
            for (index, literal) in literals.enumerated() where literal.count <= end {
                let piece = text[(end - literal.count)..<end].map(Byte.lowercased)
                if piece == literal { hits.append(LiteralHit(literal: UInt32(index), end: UInt32(end))) }
            }
        }
        return hits
    }

    @Test func entropyIsShannons() {
        func bits(_ text: String) -> Double { Array(text.utf8).withUnsafeBufferPointer { Entropy.bits(of: $0) } }
        #expect(bits("aaaa") == 0)
        #expect(abs(bits("abcd") - 2) < 1e-9)
        #expect(abs(bits("aabc") - 1.5) < 1e-9)
    }

    @Test func sha256IsRight() {
        let hash = SHA256.hash(Array("abc".utf8))
        #expect(hash.prefix(4) == [0xBA, 0x78, 0x16, 0xBF])
        #expect(hash.suffix(2) == [0x15, 0xAD])
    }
}
