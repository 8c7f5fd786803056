import Testing

@testable import OrchConfiguration

struct NameSuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1),
        ("abc", "ab", 1), ("abc", "xabc", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("ORCH", "ORHC", 1),
    ])
    func `the distance counts insertions, deletions, substitutions and swaps`(a: String, b: String, distance: Int) {
        #expect(NameSuggestion.distance(Array(a.utf8), Array(b.utf8)) == distance)
    }

    @Test(arguments: 0..<200)
    func `the distance is symmetric, and within its bounds`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let a = Array(random.text(maxLength: 12).utf8)
        let b = Array(random.text(maxLength: 12).utf8)
        let distance = NameSuggestion.distance(a, b)
        #expect(distance == NameSuggestion.distance(b, a))
        #expect((abs(a.count - b.count)...max(a.count, b.count)).contains(distance))
        #expect((distance == 0) == (a == b))
    }

    @Test(arguments: [
        ("ORCH_PROT", "ORCH_PORT"), ("orch_port", "ORCH_PORT"), ("ORCH_BEARER_TOKENS", "ORCH_BEARER_TOKEN"),
        ("ORCH_REQUIRED_BEARER", "ORCH_REQUIRE_BEARER"), ("ORCH_LOGLEVEL", "ORCH_LOG_LEVEL"),
        ("ORCH_OLAMA_URL", "ORCH_OLLAMA_URL"),
    ])
    func `a misspelt name finds the one that was meant`(name: String, meant: String) {
        #expect(NameSuggestion.nearest(to: name, among: SettingsTable.all.map(\.name)) == meant)
    }

    @Test(arguments: ["ORCH_", "ORCH_FAVOURITE_COLOUR", "ORCH_X", "ORCH_" + String(repeating: "A", count: 200)])
    func `a name far from all finds none`(name: String) {
        #expect(NameSuggestion.nearest(to: name, among: SettingsTable.all.map(\.name)) == nil)
    }
}
