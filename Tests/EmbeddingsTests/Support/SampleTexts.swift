import OrchTestSupport

/// Short texts, the same on every run: words of several languages, signs, and what is hard for a tokenizer.
enum SampleTexts {
    private static let words =
        ("the meeting moves to tuesday what is the weather in Zürich book a table for 4 people my account balance "
        + "transfer $250 unaffable naïve Straße ÉCOLE не забудь 図書館 안녕 👍🏽 e\u{301}\u{327} İstanbul don't 3.14 "
        + "photosynthesis [CLS] ½ ﬁne\u{200B}").split(separator: " ").map(String.init)

    static func texts(_ count: Int, words length: ClosedRange<Int> = 1...4) -> [String] {
        var generator = SeededGenerator(seed: 21)
        return (0..<count).map { _ in
            let length = Int.random(in: length, using: &generator)
            return (0..<length).map { _ in words[Int(generator.next() % UInt64(words.count))] }.joined(separator: " ")
        }
    }
}
