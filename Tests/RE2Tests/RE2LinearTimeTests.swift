import OrchCore
import OrchRE2
import OrchTestSupport
import Testing

/// Time is compared with time: of the same search over a text and over one eight times as long.
struct RE2LinearTimeTests {
    private static let hostile: [(source: String, unit: String, tail: String)] = [
        ("^(a+)+$", "a", "!"),
        ("(?P<x>(a|aa)*)$", "a", "b"),
        ("(x+x+)+y", "x", ""),
        ("(.*)(.*)(.*)(.*)(.*)[^ab]$", "ab", "a"),
        ("^(?P<w>(\\w+\\s?)*)$", "word ", "!"),
    ]

    @Test(arguments: hostile.indices)
    func theTimeGrowsWithTheTextOnly(index: Int) throws {
        let (source, unit, tail) = RE2LinearTimeTests.hostile[index]
        let pattern = try RE2Compiler().compile(source, caseInsensitive: true)
        let growth = ThreadTime.growth(from: 50_000, to: 400_000) { bytes in
            let text = String(repeating: unit, count: bytes / unit.utf8.count) + tail
            return { _ = pattern.firstMatch(in: text) }
        }
        #expect(growth < 24, "8 times the text took \(growth) times as long")
    }

    @Test func quadraticWorkWouldBeNoticed() {
        let growth = ThreadTime.growth(from: 200, to: 1600) { count in
            let items = Array(0..<count)
            return { _ = items.reduce(0) { sum, item in sum &+ items.reduce(item, &+) } }
        }
        #expect(growth > 32)
    }
}
