import OrchCore
import OrchRE2
import OrchTokens
import OrchTools
import Testing

@testable import OrchOrchestrator

@Suite struct SummaryToolTests {
    private static let text = """
        The remote control shall be yellow. It was raining. The remote control needs two buttons for the volume. \
        Somebody laughed. The buttons of the remote control shall be large. Lunch was late. The volume buttons are \
        yellow, too.
        """

    private static func run(_ arguments: JSONObject) async throws -> String {
        try await Tool.summarizeText(ExtractiveSummarizer()).handler(arguments).text
    }

    @Test(arguments: 1...4)
    func `so many sentences at most, each as it stands in the text, in its order`(_ sentences: Int) async throws {
        let summary = try await Self.run(["text": .string(Self.text), "max_sentences": .integer(sentences)])
        let lines = summary.split(separator: "\n")
        #expect(!lines.isEmpty && lines.count <= sentences)
        var rest = Self.text[...]
        for line in lines {
            let place = try #require(rest.firstRange(of: line))
            rest = rest[place.upperBound...]
        }
        #expect(!summary.contains("laughed"), "\(summary)")
    }

    @Test func `three unless it is said, and the same every time`() async throws {
        let first = try await Self.run(["text": .string(Self.text)])
        #expect(first.split(separator: "\n").count == 3)
        for _ in 0..<20 { #expect(try await Self.run(["text": .string(Self.text)]) == first) }
    }

    @Test(arguments: ["一。二。三。四。", "- a\n- b\n", "```\ncode\n```", "no end", " ", "\u{0}", "e\u{301}."])
    func `whatever the text, it ends well`(_ text: String) async throws {
        let summary = try await Self.run(["text": .string(text), "max_sentences": 2])
        #expect(summary.utf8.count <= text.utf8.count + 2)
    }

    @Test func `it is safe, has a schema that tools may have, and a clock that watches it`() throws {
        let tool = Tool.summarizeText(ExtractiveSummarizer())
        _ = try ToolRegistry([tool], patterns: RE2Compiler())
        #expect(tool.safe && tool.timeout != nil)
    }
}
