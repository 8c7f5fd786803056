import OrchCore
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("A whole answer under a guard")
struct GuardedAnswerTests {
    /// Put together here, so that no scanner takes this file for a leak.
    static let token = "ghp_" + String(repeating: "a1B2c3D4", count: 5).prefix(36)
    static let card = "4111 1111" + " 1111 1111"

    private func bench(_ action: OutputGuard.Action?, answer: String) throws -> Bench {
        try Bench {
            $0.outputGuard = action
            $0.script.answer = answer
        }
    }

    private func answer(_ message: String, _ more: String = "") -> String {
        #"{"id":"chatcmpl-up","object":"chat.completion","created":5,"model":"m-up","choices":[{"index":0,"message":"#
            + #"\#(message)\#(more),"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#
    }

    @Test("Without one it leaves as it came")
    func off() async throws {
        let bench = try bench(nil, answer: Chunks.completion("take \(Self.token)"))
        let root = try await bench.whole(Bench.body("hello"))
        #expect(Chunks.content(of: root) == "take \(Self.token)")
        #expect(bench.log.steps(.outputGuard).isEmpty)
    }

    @Test("One that holds nothing leaves as it came, and its receipt says that it was looked at")
    func clean() async throws {
        let bench = try bench(.redact, answer: Chunks.completion("See https://example.org, „Grüße“."))
        let root = try await bench.whole(Bench.body("hello"))
        #expect(Chunks.content(of: root) == "See https://example.org, „Grüße“.")
        #expect(
            bench.log.steps(.outputGuard) == [["action": "redact", "findings": [:], "outcome": "passed"]])
    }

    @Test("What is found is replaced, and the receipt counts it and commits to what the caller gets")
    func redacted() async throws {
        let bench = try bench(.redact, answer: Chunks.completion("Card \(Self.card), token \(Self.token)."))
        let root = try await bench.whole(Bench.body("hello"))
        #expect(Chunks.content(of: root) == "Card [REDACTED], token [REDACTED].")
        #expect(root["choices"]?.elements.first { _ in true }?["finish_reason"]?.string == "stop")
        let step = try #require(bench.log.steps(.outputGuard).first)
        #expect(step["outcome"] == "redacted")
        #expect(step["findings"]?.objectValue?.members.count == 2)
        #expect(bench.log.commits(.answer, to: "Card [REDACTED], token [REDACTED].".utf8))
    }

    @Test("A blocked choice says nothing, and that a filter ended it")
    func blocked() async throws {
        let bench = try bench(.block, answer: Chunks.completion("It is \(Self.token)."))
        let root = try await bench.whole(Bench.body("hello"))
        let choice = try #require(root["choices"]?.elements.first { _ in true })
        #expect(choice["message"]?.value == ["role": "assistant", "content": nil])
        #expect(choice["finish_reason"]?.string == "content_filter")
        #expect(!String(decoding: root.slice, as: UTF8.self).contains(Self.token))
        #expect(bench.log.steps(.outputGuard).first?["outcome"] == "blocked")
    }

    @Test(
        "It is found wherever a model can put it",
        arguments: [
            #"{"role":"assistant","content":null,"refusal":"no: SECRET"}"#,
            #"{"role":"assistant","content":"x","reasoning_content":"think SECRET"}"#,
            #"{"role":"assistant","content":[{"type":"text","text":"SECRET"}]}"#,
            #"{"role":"assistant","content":"x","annotations":[{"deep":[{"er":"SECRET"}]}]}"#,
            #"{"role":"assistant","content":"x","SECRET":1}"#,
            #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":[\"SECRET\"]}"}}]}"#,
            #"{"role":"assistant","function_call":{"name":"f","arguments":"{\"SECRET\":1}"}}"#,
            #"{"role":"assistant","function_call":{"name":"f","arguments":"not JSON: SECRET"}}"#,
        ])
    func places(_ message: String) async throws {
        let message = message.replacing("SECRET", with: Self.token)
        for action in [OutputGuard.Action.redact, .block] {
            let bench = try bench(action, answer: answer(message))
            let root = try await bench.whole(Bench.body("hello"))
            #expect(!String(decoding: root.slice, as: UTF8.self).contains(Self.token), "\(action)")
            let arguments = root["choices"]?.elements.first { _ in true }?["message"]?["tool_calls"]?.elements
                .first { _ in true }?["function"]?["arguments"]?.string
            if let arguments { #expect(arguments == #"{"a":["[REDACTED]"]}"#) }
        }
    }

    @Test("Escapes inside of arguments hide nothing, and numbers that are cards are found")
    func arguments() async throws {
        let hidden = Self.token.unicodeScalars.map { "\\\\u" + String(0x10000 + Int($0.value), radix: 16).dropFirst() }
            .joined()
        let card = Self.card.replacing(" ", with: "")
        let message =
            #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"#
            + #""{\"token\":\"\#(hidden)\",\"card\":\#(card)}"}}]}"#
        let bench = try bench(.redact, answer: answer(message))
        let root = try await bench.whole(Bench.body("hello"))
        let call = root["choices"]?.elements.first { _ in true }?["message"]?["tool_calls"]?.elements.first { _ in true
        }
        let text = try #require(call?["function"]?["arguments"]?.string)
        #expect(try JSONValue(parsing: Array(text.utf8)) == ["token": "[REDACTED]", "card": "[REDACTED]"])
    }

    @Test("Tokens one by one are left out, and their numbers are nobody's")
    func tokens() async throws {
        let tokens = #"{"content":[{"token":"4111","logprob":-4111111111111111,"bytes":[52,49]}]}"#
        let bench = try bench(
            .block, answer: answer(#"{"role":"assistant","content":"fine"}"#, #","logprobs":\#(tokens)"#))
        let root = try await bench.whole(Bench.body("hello"))
        #expect(Chunks.content(of: root) == "fine")
        #expect(root["choices"]?.elements.first { _ in true }?["logprobs"]?.isNull == true)
        #expect(bench.log.steps(.outputGuard).first?["outcome"] == "passed")
    }

    @Test("Members that nobody knows are left out")
    func rest() async throws {
        let message = #"{"role":"assistant","content":"\#(Self.token)"},"logprobs":{"content":[{"token":"ghp"}]}"#
        let bench = try bench(
            .redact, answer: answer(message).replacing(#""usage""#, with: #""note":"\#(Self.token)","usage""#))
        let root = try await bench.whole(Bench.body("hello"))
        #expect(root["choices"]?.elements.first { _ in true }?["logprobs"]?.isNull == true)
        #expect(root["note"] == nil)
        #expect(root["usage"]?["prompt_tokens"]?.int == 7)
    }

    @Test("The cap counts what the guard has left")
    func capped() async throws {
        let bench = try Bench {
            $0.outputGuard = .redact
            $0.script.answer = Chunks.completion("\(Self.token) and more")
            $0.maximumOutputCharacters = 12
        }
        let root = try await bench.whole(Bench.body("hello"))
        #expect(Chunks.content(of: root) == "[REDACTED] a")
        #expect(root["truncated"]?.bool == true)
    }

    @Test("Of several choices only those with a finding are blocked")
    func several() async throws {
        let answer =
            #"{"id":"chatcmpl-up","object":"chat.completion","created":5,"model":"m","choices":["#
            + #"{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"},"#
            + #"{"index":1,"message":{"role":"assistant","content":"\#(Self.token)"},"finish_reason":"stop"}]}"#
        let bench = try bench(.block, answer: answer)
        let root = try await bench.whole(Bench.body("hello", #""n":2"#))
        #expect(
            root["choices"]?.elements.compactMap { $0["finish_reason"]?.string } == ["stop", "content_filter"])
        #expect(Chunks.content(of: root) == "fine")
    }
}

extension Chunks {
    /// The text of an answer's first choice.
    static func content(of root: JSONNode) -> String? {
        root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string
    }
}
