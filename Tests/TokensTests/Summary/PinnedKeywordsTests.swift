import Testing

@testable import OrchTokens

@Suite struct PinnedKeywordsTests {
    private func found(_ keywords: [String], _ text: String) -> [Int] {
        PinnedKeywords(keywords).found(in: Words.all(in: text), of: text[...])
    }

    @Test func `a keyword is found as words in a row, whatever the case`() {
        #expect(found(["Budget", "new bridge", "bridge new", "bud"], "The NEW bridges are over budget.") == [0, 1])
        #expect(found(["C++"], "plan c") == [0])
        #expect(found([], "text") == [])
    }

    @Test func `keywords of scripts without spaces are found inside of runs`() {
        #expect(found(["京都", "猫", "東都"], "東京都の猫です") == [0, 1])
    }

    @Test func `repeated keywords and those without words do not count, nor those beyond the bound`() {
        #expect(PinnedKeywords(["Plan", "plans", "!!", "", "vote"]).keywords == ["Plan", "vote"])
        let many = (0..<100).map { "keyword\($0)" }
        #expect(PinnedKeywords(many).keywords == Array(many.prefix(PinnedKeywords.maximum)))
    }

    @Test func `keywords of pinned texts are what these say often and the others say rarely`() {
        let pinned = ["The deadline is Friday. The deadline holds, whatever the people say about zebras."]
        let others = ["People came. The people spoke of the deadline.", "Friday is for people. People left."]
        #expect(PinnedKeywords(extractedFrom: pinned, lostWith: others).keywords == ["deadline", "friday", "people"])
        #expect(PinnedKeywords(extractedFrom: pinned, lostWith: others, limit: 1).keywords == ["deadline"])
        #expect(PinnedKeywords(extractedFrom: [], lostWith: others) == .none)
        #expect(PinnedKeywords(extractedFrom: pinned, lostWith: [], limit: -1) == .none)
    }
}
