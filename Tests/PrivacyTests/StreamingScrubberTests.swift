import Foundation
import Testing

@testable import OrchPrivacy

/// The law of streams: pieces give what the whole gives. `PRIVACY_CASES=100000` tries that many texts.
struct StreamingScrubberTests {
    private static let cases = ProcessInfo.processInfo.environment["PRIVACY_CASES"].flatMap(Int.init) ?? 3000

    @Test func everyWayOfCuttingGivesTheWhole() throws {
        let scrubber = try Scrubber(
            engine: PortableScanEngine(), options: Scrubber.Options(replacement: .typed, minimumConfidence: 0))
        for seed in 0..<Self.cases {
            var sampler = TextSampler(seed: UInt64(seed))
            let text = sampler.text()
            let whole = scrubber.findings(in: text)
            let most = [1, 3, 17, 300][sampler.number(below: 4)]
            var stream = StreamingScrubber(scrubber)
            var output: [UInt8] = []
            var place = 0
            while place < text.count {
                let end = min(text.count, place + 1 + sampler.number(below: most))
                stream.push(Array(text[place..<end]), into: &output)
                place = end
            }
            stream.finish(into: &output)
            let found = stream.takeFindings()
            guard found == whole, output == scrubber.replace(whole, in: text) else {
                Issue.record("seed \(seed): \(found) instead of \(whole) in \(String(decoding: text, as: UTF8.self))")
                return
            }
        }
    }

    /// As kubectl prints it: the data stands in front of the kind that makes it a secret.
    @Test(arguments: [1, 5, 25, 30, 60, 80, 90, 100, 200])
    func aManifestWithItsKindLastIsTheSameInPieces(length: Int) throws {
        let scrubber = try Scrubber(
            engine: PortableScanEngine(), options: Scrubber.Options(replacement: .typed, minimumConfidence: 0))
        let text = Array(
            ("apiVersion: v1\ndata:\n  key: bXlwYXNzd29yZA==\n  other: " + String(repeating: "aB3d", count: length)
                + "\nkind: Secret\nmetadata:\n  name: x\n").utf8)
        for size in [1, 7, 64, 1000] {
            var stream = StreamingScrubber(scrubber)
            var output: [UInt8] = []
            for start in stride(from: 0, to: text.count, by: size) {
                stream.push(Array(text[start..<min(text.count, start + size)]), into: &output)
            }
            stream.finish(into: &output)
            #expect(output == scrubber.scrub(text))
        }
        if length == 5 { #expect(scrubber.findings(in: text).contains { $0.id == "kubernetes-secret" }) }
    }

    @Test func littleIsHeldBackWhereNothingIsInProgress() throws {
        var stream = StreamingScrubber(try Scrubber(engine: PortableScanEngine()))
        var output: [UInt8] = []
        for _ in 0..<2000 {
            stream.push(Array("just words, ".utf8), into: &output)
            #expect(stream.heldBack < 400)
        }
    }

    @Test(arguments: [
        "-----BEGIN PRIVATE" + " KEY-----\n", "token = ", "http://example.org/", "1234 ", "eyJhbGciOiJIUzI1NiJ9.eyJ",
        "\u{200B}", "a@",
        "kind: secret data: ", "%41",
    ]) func neverMoreThan16KiBAreHeldBack(unit: String) throws {
        var stream = StreamingScrubber(try Scrubber(engine: PortableScanEngine()))
        var output: [UInt8] = []
        for text in [
            unit + String(repeating: "aB3d", count: 20_000), String(repeating: unit, count: 80_000 / unit.utf8.count),
        ] {
            var most = 0
            for start in stride(from: 0, to: text.utf8.count, by: 64) {
                stream.push(Array(Array(text.utf8)[start..<min(start + 64, text.utf8.count)]), into: &output)
                most = max(most, stream.heldBack)
                if start > 40_000 { break }
            }
            #expect(most <= 16 * 1024, "\(unit)")
            stream.finish(into: &output)
        }
    }

    @Test func aStreamCanBeUsedAgain() throws {
        var stream = StreamingScrubber(try Scrubber(engine: PortableScanEngine()))
        for _ in 0..<2 {
            var output: [UInt8] = []
            stream.push(Array("mail jo@exam".utf8), into: &output)
            stream.push(Array("ple.org".utf8), into: &output)
            stream.finish(into: &output)
            #expect(String(decoding: output, as: UTF8.self) == "mail [REDACTED]")
            #expect(stream.takeFindings().map(\.range) == [5..<19])
        }
    }
}
