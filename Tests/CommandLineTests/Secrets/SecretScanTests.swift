import OrchPrivacy
import Testing

@testable import OrchCommandLine

@Suite("Secrets in sources")
struct SecretScanTests {
    /// Put together here, so that no scanner takes this file for a leak.
    private let token = "ghp_" + String(repeating: "a1B2c3D4", count: 5).prefix(36)

    private func leaks(_ text: String, pieces: Int = .max) throws -> [Leak] {
        var scanner = LeakScanner(try .forSecrets(PortableScanEngine()))
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: min(pieces, max(1, bytes.count))) {
            bytes[start..<min(bytes.count, start + min(pieces, bytes.count))].withUnsafeBytes { scanner.push($0) }
        }
        return scanner.finish()
    }

    @Test("They are told by line and column, however the text comes", arguments: [1, 2, 7, 64, 1000])
    func places(_ size: Int) throws {
        let filler = String(repeating: "Zeile mit „Wörtern“ darin\n", count: 200)
        let text = filler + "ü = \(token)\n" + filler + "\(token) at the beginning\n"
        let found = try leaks(text, pieces: size)
        #expect(found.map(\.line) == [201, 402])
        #expect(found.map(\.column) == [5, 1])
        #expect(Set(found.map(\.fingerprint)).count == 1)
        #expect(found == (try leaks(text)))
    }

    @Test("Personal data is not looked for")
    func personal() throws {
        #expect(try leaks("write to jo@example.org, from 192.0.2.1, card 4111 1111 1111 1111") == [])
    }

    @Test("A fingerprint is the same everywhere, and another for another detector or secret")
    func fingerprint() {
        let known = Fingerprint(detector: "github-pat", secret: "abc".utf8)
        #expect(known.text == "c8fc37d80ce261eee50cc62ee8637681")
        #expect(Fingerprint(detector: "github-pat", secret: "abd".utf8) != known)
        #expect(Fingerprint(detector: "github-pa", secret: "tabc".utf8) != known)
        #expect(Fingerprint(known.text) == known)
        for text in ["", "abc", known.text.uppercased(), known.text + "0", String(repeating: "g", count: 32)] {
            #expect(Fingerprint(text) == nil)
        }
    }

    private func found(_ path: String?, _ secret: String) -> SecretFindings.Found {
        SecretFindings.Found(
            leak: Leak(
                detector: "d", line: 1, column: 1, confidence: 1,
                fingerprint: Fingerprint(detector: "d", secret: secret.utf8)),
            path: path, object: nil)
    }

    @Test("A baseline reads back as it was written, lets its secrets stand anywhere, and misses those that are gone")
    func baseline() throws {
        let baseline = SecretBaseline([
            found("b", "two"), found("a\"\n", "one"), found("c", "two"), found(nil, "three"),
        ])
        #expect(baseline.entries.count == 3)
        #expect(try SecretBaseline(parsing: Array(baseline.text.utf8)) == baseline)
        #expect(baseline.text.split(separator: "\n").count == 3 + 5)
        #expect(baseline.holds(found("elsewhere", "one").leak))
        #expect(!baseline.holds(found("b", "four").leak))
        #expect(baseline.gone([found("b", "two"), found("c", "one")]).map(\.path) == [nil])
        #expect(try SecretBaseline(parsing: Array(SecretBaseline([]).text.utf8)).entries.isEmpty)
    }

    @Test(
        "A baseline that is none is refused",
        arguments: [
            "", "[]", "{}", #"{"version":2,"findings":[]}"#, #"{"version":1,"findings":{}}"#,
            #"{"version":1,"findings":[{}]}"#, #"{"version":1,"findings":[{"detector":"d","fingerprint":"x"}]}"#,
        ])
    func malformedBaseline(_ text: String) {
        let error = #expect(throws: CommandFailure.self) { try SecretBaseline(parsing: Array(text.utf8)) }
        #expect(error?.status == .malformedData)
    }
}
