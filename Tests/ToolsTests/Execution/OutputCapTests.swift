import Testing

@testable import OrchTools

@Suite struct OutputCapTests {
    @Test func `text at the limit is left alone`() {
        let capped = OutputCap(maximumCharacters: 3).apply(to: "abc")
        #expect(capped == ("abc", 3, false))
    }

    @Test func `text over the limit is cut and marked`() {
        let capped = OutputCap(maximumCharacters: 3).apply(to: "abcd")
        #expect(capped == ("abc", 4, true))
    }

    @Test func `a character is not cut in two`() {
        // A letter with an accent of its own: two scalars. A family: five.
        #expect(OutputCap(maximumCharacters: 2).apply(to: "ae\u{301}").text == "a")
        #expect(OutputCap(maximumCharacters: 3).apply(to: "ae\u{301}").text == "ae\u{301}")
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"
        #expect(OutputCap(maximumCharacters: 5).apply(to: "a" + family).text == "a")
        #expect(OutputCap(maximumCharacters: 6).apply(to: "a" + family + "b").text == "a" + family)
        #expect(OutputCap(maximumCharacters: 1).apply(to: "\r\n").text.unicodeScalars.count == 1)
    }

    @Test func `one endless character is cut all the same`() {
        let endless = "a" + String(repeating: "\u{301}", count: 50)
        let capped = OutputCap(maximumCharacters: 10).apply(to: endless)
        #expect(capped.text.unicodeScalars.count == 10)
        #expect(capped.truncated)
    }

    @Test func `a cap of nothing leaves nothing`() {
        #expect(OutputCap(maximumCharacters: 0).apply(to: "abc") == ("", 3, true))
        #expect(OutputCap(maximumCharacters: 0).apply(to: "") == ("", 0, false))
    }
}
