import OrchCore
import Testing

@testable import OrchCommandLine

struct ChatPartsTests {
    @Test func `a body holds what is kept and the question`() throws {
        var history = ChatHistory()
        history.append(question: "a \"b\"", answer: "c\n")
        let value = try JSONValue(parsing: history.body(asking: "d", streams: true))
        #expect(
            value == [
                "messages": [
                    ["role": "user", "content": "a \"b\""], ["role": "assistant", "content": "c\n"],
                    ["role": "user", "content": "d"],
                ],
                "stream": true,
            ])
    }

    @Test(arguments: [0, 1, 4, 5, 6, 50]) func `the history is bounded and made of pairs`(exchanges: Int) {
        var history = ChatHistory()
        for index in 0..<exchanges { history.append(question: "\(index)", answer: "-\(index)") }
        #expect(history.messages.count == min(2 * exchanges, ChatHistory.maximumMessages))
        #expect(history.messages.first.map { $0.role == "user" } ?? true)
        #expect(history.messages.last.map { $0.text == "-\(exchanges - 1)" } ?? true)
    }

    private static let stream = """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"index":0,"delta":{"content":"Grüße, "}}]}

        : a comment

        data: {"choices":[{"index":0,"delta":{"content":"Ω"}}]}

        data: {"choices":[],"usage":{"prompt_tokens":1}}

        data: [DONE]


        """

    @Test func `a stream reads the same however it is cut`() throws {
        let bytes = Array(Self.stream.utf8)
        for size in 1...bytes.count {
            var answer = StreamedAnswer()
            var text = ""
            for start in stride(from: 0, to: bytes.count, by: size) {
                text += try answer.take(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(text == "Grüße, Ω")
            #expect(answer.text == text)
            #expect(answer.isComplete)
            #expect(answer.failure == nil)
        }
    }

    @Test func `an error event is a failure`() throws {
        var answer = StreamedAnswer()
        #expect(try answer.take(Array(#"data: {"error":{"message":"no","code":"x"}}"#.utf8) + [10, 10]).isEmpty)
        #expect(answer.failure == "no")
        #expect(!answer.isComplete)
    }

    @Test func `an event that is too long or no JSON is refused`() {
        var long = StreamedAnswer()
        #expect(throws: CommandFailure.self) {
            try long.take([UInt8](repeating: 0x20, count: StreamedAnswer.maximumEventBytes + 1))
        }
        var broken = StreamedAnswer()
        #expect(throws: JSONError.self) { try broken.take(Array("data: {\n".utf8)) }
    }
}
