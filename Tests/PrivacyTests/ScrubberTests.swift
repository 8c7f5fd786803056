import OrchTestSupport
import Testing

@testable import OrchPrivacy

struct ScrubberTests {
    @Test func replacementsArePlainOrTyped() throws {
        let text = Array("to jo@example.org.".utf8)
        for (replacement, expected) in [(Replacement.plain, "to [REDACTED]."), (.typed, "to [REDACTED:email].")] {
            let scrubber = try Scrubber(
                engine: PortableScanEngine(), options: Scrubber.Options(replacement: replacement))
            #expect(String(decoding: scrubber.scrub(text), as: UTF8.self) == expected)
        }
    }

    @Test func weakFindingsAreLeftOutUnlessAskedFor() throws {
        let text = Array("on 2024-05-31".utf8)
        let usual = try Scrubber(engine: PortableScanEngine())
        #expect(usual.findings(in: text).isEmpty)
        let all = try Scrubber(engine: PortableScanEngine(), options: Scrubber.Options(minimumConfidence: 0))
        #expect(all.findings(in: text).map(\.id) == ["date"])
    }

    @Test func exemptDetectorsFindNothingAndOthersAll() throws {
        let text = Array("from 192.0.2.1 to jo@example.org at https://example.org/a".utf8)
        let all = try Scrubber(engine: PortableScanEngine())
        #expect(all.findings(in: text).map(\.id) == ["ip", "email", "url"])
        let options = Scrubber.Options(replacement: .typed, exempt: ["ip", "url"])
        let expected = "from 192.0.2.1 to [REDACTED:email] at https://example.org/a"
        for scrubber in [all.with(options), try Scrubber(engine: PortableScanEngine(), options: options)] {
            #expect(String(decoding: scrubber.scrub(text), as: UTF8.self) == expected)
            #expect(scrubber.scrub(String(decoding: text, as: UTF8.self)) == expected)
            var stream = StreamingScrubber(scrubber)
            var output: [UInt8] = []
            for byte in text { stream.push([byte], into: &output) }
            stream.finish(into: &output)
            #expect(String(decoding: output, as: UTF8.self) == expected)
        }
        // A secret inside of what is exempt is one all the same.
        let key = "sk_" + "live_" + "aB3dE5fG7hJ9kL1m"
        #expect(!all.with(options).scrub("see https://example.org/?k=\(key)&x=1").contains(key))
    }

    @Test func anEmptyTextHoldsNothing() throws {
        let scrubber = try Scrubber(engine: PortableScanEngine())
        #expect(scrubber.findings(in: []).isEmpty)
        #expect(scrubber.scrub([]).isEmpty)
    }

    @Test func aSecretInAnAddressTakesTheWholeAddress() throws {
        let scrubber = try Scrubber(engine: PortableScanEngine())
        let key = "sk_" + "live_" + "aB3dE5fG7hJ9kL1m"
        let findings = scrubber.findings(in: Array("see https://example.org/?k=\(key)&x=1 there".utf8))
        #expect(findings.map(\.id) == ["stripe-access-token"])
        #expect(findings.map(\.range) == [4..<31 + key.utf8.count])
    }

    @Test(arguments: [
        "1", "1 ", "12-34 ", "a@", "a.", "ab:1", "token=", "password = a1 ", "ghp_", "http://",
        "-----BEGIN PRIVATE" + " KEY-----\n",
        "eyA.", "-ey", "YWJj", "%25", "\u{200B}", "１", "+49 30 1234567 ", "a@b.cd ", "curl -u a:b ",
        "kind: secret data: ", "::1 ", "glpat-",
        "twitter=a1", "://a:b", "Basic ", "facebook 1 ", "data:kind:secret\n",
    ]) func timeGrowsWithTheTextOnly(unit: String) throws {
        let scrubber = try Scrubber(engine: PortableScanEngine(), options: Scrubber.Options(minimumConfidence: 0))
        let growth = ThreadTime.growth(from: 8_000, to: 64_000) { bytes in
            let text = Array(String(repeating: unit, count: bytes / unit.utf8.count).utf8)
            return { _ = scrubber.findings(in: text) }
        }
        // Reach makes a text of 8 KB cheaper than its share of a longer one.
        #expect(growth < 40, "8 times the text took \(growth) times as long")
    }
}
