import OrchHyperscan
import OrchPrivacy
import OrchTestSupport
import Testing

/// Hyperscan finds what the portable engine finds. Needs libhs.so.5, as Debian's libhyperscan5 or libvectorscan5 has it.
struct HyperscanEngineTests {
    private func engine() throws -> HyperscanEngine {
        try #require(HyperscanEngine(), "libhs.so.5 is missing: apt-get install libhyperscan5")
    }

    @Test func theLibraryNamesItsVersion() throws {
        #expect(try engine().version.contains("."))
    }

    @Test func hitsAreThoseOfThePortableEngine() throws {
        let literals = ["ab", "b", "abc", "key-", "-----begin"].map { Array($0.utf8) }
        let scanners = try [engine().scanner(for: literals), PortableScanEngine().scanner(for: literals)]
        var generator = SeededGenerator(seed: 5)
        for length in [0, 1, 5, 100, 511, 512, 513, 5000, 60_000] {
            let text = (0..<length).map { _ in Array("aAbBc-key".utf8)[Int(generator.next() % 9)] }
            let hits = scanners.map { scanner in
                var hits: [LiteralHit] = []
                text.withUnsafeBytes { scanner.scan($0, into: &hits) }
                return hits
            }
            #expect(hits[0] == hits[1])
        }
    }

    @Test func findingsAreThoseOfThePortableEngine() throws {
        let options = Scrubber.Options(minimumConfidence: 0)
        let scrubbers = try [
            Scrubber(engine: engine(), options: options), Scrubber(engine: PortableScanEngine(), options: options),
        ]
        let pieces = [
            "token = aB3dE5fG7hJ9", "a@b.org ", "ghp_", "-----BEGIN ", "password=", "1", " ", "http://", "AKIA", "é",
            "\u{200B}", "xoxb-12",
            "%41", "sk-", "-u ", "curl ", "kind: secret", "+49 30 1234567", "ey", "\n", "192.0.2.1", "Bearer ",
            "Zm9vYmFy",
        ].map { Array($0.utf8) }
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<500 {
            let text = (0..<200).flatMap { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }
            #expect(scrubbers[0].findings(in: text) == scrubbers[1].findings(in: text))
        }
        let dense = Array(String(repeating: "token=sk-ey://", count: 20_000).utf8)
        #expect(scrubbers[0].findings(in: dense) == scrubbers[1].findings(in: dense))
    }

    @Test func severalThreadsShareOneScrubber() async throws {
        let scrubber = try Scrubber(engine: engine())
        let text = Array(String(repeating: "words and jo@example.org ", count: 200).utf8)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<50).reduce(0) { sum, _ in sum + scrubber.findings(in: text).count } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 10_000, count: 8))
    }
}
