import Testing

@testable import OrchTokens

@Suite struct TextExcerptTests {
    private func words(_ count: Int) -> String { (0..<count).map { "w\($0)" }.joined(separator: " ") }

    @Test(arguments: [0, 1, 11, 12])
    func `a short text stands for itself`(count: Int) {
        #expect(TextExcerpt.beginning(of: words(count)) == words(count))
    }

    @Test(arguments: [13, 500])
    func `of a longer one the first twelve words do`(count: Int) {
        #expect(TextExcerpt.beginning(of: words(count)) == words(12))
    }

    @Test func `long words end at the last whole one, an endless one at a whole character`() {
        let long = String(repeating: "x", count: 50)
        #expect(TextExcerpt.beginning(of: [long, long, long, long].joined(separator: " ")).utf8.count == 101)
        #expect(TextExcerpt.beginning(of: String(repeating: "漢", count: 90)) == String(repeating: "漢", count: 40))
    }
}
