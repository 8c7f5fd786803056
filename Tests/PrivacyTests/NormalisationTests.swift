import Testing

@testable import OrchPrivacy

/// What hides a secret does not hide it, and what is written out is the text as it came.
struct NormalisationTests {
    private func scrub(_ text: String) throws -> String {
        let scrubber = try Scrubber(engine: PortableScanEngine(), options: Scrubber.Options(replacement: .typed))
        return String(decoding: scrubber.scrub(Array(text.utf8)), as: UTF8.self)
    }

    private static let token = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z56"

    @Test func charactersWithoutWidthAreLookedThrough() throws {
        let hidden = Self.token.map { "\($0)\u{200B}\u{FEFF}" }.joined()
        #expect(try scrub("« \(hidden) »") == "« [REDACTED:github-pat]\u{200B}\u{FEFF} »")
        #expect(try scrub("4111\u{00AD}1111\u{2060}11111111!") == "[REDACTED:card]!")
    }

    @Test func digitsAndSignsInOtherClothesCount() throws {
        #expect(try scrub("é １９２．０．２．１７ é") == "é [REDACTED:ip] é")
        #expect(try scrub("an jo＠example。org!") == "an [REDACTED:email]!")
        #expect(try scrub("card ٤١١١١١١١١١١١١١١١") == "card [REDACTED:card]")
        #expect(try scrub("536–90–4399") == "[REDACTED:us-ssn]")
    }

    @Test func percentSignsAreUnwrapped() throws {
        #expect(try scrub("to=jo%40example.org&x") == "to=[REDACTED:email]&x")
        #expect(try scrub("to=jo%2540example.org&x") == "to=[REDACTED:email]&x")
        let wrapped = Self.token.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(try scrub("k=\(wrapped);") == "k=[REDACTED:github-pat];")
        #expect(try scrub("100 %, 5%20 and %zz") == "100 %, 5%20 and %zz")
    }

    @Test func base64IsUnwrapped() throws {
        let wrapped = String(decoding: TextSampler.base64(Array("key is \(Self.token), see".utf8)), as: UTF8.self)
        #expect(try scrub("data: \(wrapped) end") == "data: [REDACTED:github-pat] end")
        let harmless = String(
            decoding: TextSampler.base64(Array("nothing is in here, honestly 123".utf8)), as: UTF8.self)
        #expect(try scrub("data: \(harmless) end") == "data: \(harmless) end")
    }

    @Test func offsetsAreThoseOfTheTextAsItCame() throws {
        let scrubber = try Scrubber(engine: PortableScanEngine())
        let text = Array("—é\u{200B}１９２.0.2.1x jo@ex\u{200B}ample.org".utf8)
        let findings = scrubber.findings(in: text)
        #expect(findings.map { String(decoding: text[$0.range], as: UTF8.self) } == ["jo@ex\u{200B}ample.org"])
        let scalars = text.withUnsafeBytes { ScalarOffsets.ranges(of: findings, in: $0) }
        let whole = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        #expect(scalars.map { String(String.UnicodeScalarView(whole[$0])) } == ["jo@ex\u{200B}ample.org"])
    }

    @Test func brokenUTF8IsCopied() throws {
        let scrubber = try Scrubber(engine: PortableScanEngine())
        let text: [UInt8] = [0xE2, 0x80, 0x41, 0xFF, 0xF0, 0x9F, 0x25, 0x34]
        #expect(scrubber.scrub(text) == text)
    }
}
