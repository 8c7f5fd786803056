import OrchCore
import OrchRE2
import OrchTokens
import OrchTools
import Testing

@testable import OrchOrchestrator

/// With ``TinyVocabulary``, in which `hello` is 259 and ` world` is 264.
@Suite("The tool orch_tokenizer")
struct TokenizerToolTests {
    private func run(_ arguments: JSONValue, maximumCharacters: Int = 4_000) async throws -> ToolResult.Outcome {
        let tool = Tool.tokenizer(try TinyVocabulary.catalog(), defaultModel: "chat")
        #expect(tool.safe)
        let executor = ToolExecutor(
            registry: try ToolRegistry([tool], patterns: RE2Compiler()), redact: { "scrubbed: \($0)" },
            options: ToolExecutor.Options(maximumOutputCharacters: maximumCharacters))
        switch executor.admit(ToolCall("orch_tokenizer", arguments, caller: "tester"), by: Bench.policy) {
        case .refused(let outcome): return outcome.result.outcome
        case .admitted(let call): return await executor.run(call).result.outcome
        }
    }

    private func failure(_ arguments: JSONValue) async throws -> ToolFailure {
        guard case .error(let failure) = try await run(arguments) else {
            Issue.record("it has a result")
            return .cancelled
        }
        return failure
    }

    static let results: [(JSONValue, String)] = [
        (
            ["action": "encode", "text": "hello world"],
            #"{"tokenizer":"o200k_base","count":2,"tokens":[259,264]}"#
        ),
        (["action": "encode", "text": "é"], #"{"tokenizer":"o200k_base","count":2,"tokens":[195,169]}"#),
        (["action": "encode", "text": ""], #"{"tokenizer":"o200k_base","count":0,"tokens":[]}"#),
        (
            ["action": "encode", "text": "hello", "model_name": "o200k_base", "tokens": [1]],
            #"{"tokenizer":"o200k_base","count":1,"tokens":[259]}"#
        ),
        (
            ["action": "count", "text": "hello é"],
            #"{"tokens":4,"bytes":8,"characters":7,"tokenizer":"o200k_base","fallback":false}"#
        ),
        (
            ["action": "count", "text": "hello é", "model_name": "bytes-1"],
            #"{"tokens":8,"bytes":8,"characters":7,"tokenizer":"bytes","fallback":true}"#
        ),
        (
            ["action": "info"],
            #"{"tokenizer":"o200k_base","fallback":false,"vocabulary_size":200019,"special_tokens":2,"#
                + #""template":{"per_message":3,"per_name":1,"per_conversation":3},"images":{"low":85,"high":1445},"#
                + #""installed":["o200k_base"]}"#
        ),
        (
            ["action": "info", "model_name": "bytes-1"],
            #"{"tokenizer":"bytes","fallback":true,"#
                + #""template":{"per_message":4,"per_name":1,"per_conversation":5},"images":{"low":85,"high":1445},"#
                + #""installed":["o200k_base"]}"#
        ),
    ]

    @Test("Encodes, counts and informs in numbers, which are not scrubbed", arguments: results)
    func calculates(_ arguments: JSONValue, _ result: String) async throws {
        #expect(try await run(arguments) == .ok(result: result, truncated: false))
    }

    static let texts: [(JSONValue, String)] = [
        ([259, 264], "hello world"), ([195, 169.0], "é"), ([], ""), ([199_999], "<|endoftext|>"),
    ]

    @Test("Decodes to a text, which is scrubbed as any tool's", arguments: texts)
    func decodes(_ ids: JSONValue, _ text: String) async throws {
        let expected = "scrubbed: {\"tokenizer\":\"o200k_base\",\"text\":\"\(text)\"}"
        #expect(
            try await run(["action": "decode", "tokens": ids, "text": "x"]) == .ok(result: expected, truncated: false))
    }

    @Test("Counts what looks like a control token as text")
    func control() async throws {
        guard case .ok(let result, _) = try await run(["action": "count", "text": "<|endoftext|>"]) else {
            Issue.record("it has no result")
            return
        }
        #expect(try JSONValue(parsing: Array(result.utf8)).objectValue?["tokens"] != 1)
    }

    @Test("Says how many there are where not all ids are shown")
    func cut() async throws {
        let outcome = try await run(
            ["action": "encode", "text": .string(String(repeating: "x", count: 1_000))], maximumCharacters: 100)
        guard case .ok(let result, truncated: true) = outcome else {
            Issue.record("it is not cut")
            return
        }
        #expect(result.hasPrefix(#"{"tokenizer":"o200k_base","count":1000,"tokens":[120,120,"#))
    }

    static let failures: [(JSONValue, String, String)] = [
        (["action": "encode"], "missing_text", "encode wants text"),
        (["action": "count", "tokens": [1]], "missing_text", "count wants text"),
        (["action": "decode", "text": "x"], "missing_tokens", "decode wants tokens, an array of ids"),
        (
            ["action": "decode", "tokens": [259, 300]], "unknown_token",
            "token 1 (from 0) is 300, which o200k_base does not have"
        ),
        (
            ["action": "decode", "tokens": [-1]], "unknown_token",
            "token 0 (from 0) is -1, which o200k_base does not have"
        ),
        (
            ["action": "decode", "tokens": [259, 1e300]], "unknown_token",
            "token 1 (from 0) is a number that no token can have"
        ),
        (
            ["action": "decode", "tokens": [259, 195]], "invalid_utf8_boundary",
            "invalid UTF-8 boundary: the character that begins in token 1 (from 0) is not whole"
        ),
        (
            ["action": "decode", "tokens": [240, 159, 259]], "invalid_utf8_boundary",
            "invalid UTF-8 boundary: the character that begins in token 0 (from 0) is not whole"
        ),
        (
            ["action": "decode", "tokens": [259, 169]], "invalid_utf8_boundary",
            "invalid UTF-8 boundary: the character that begins in token 1 (from 0) is not whole"
        ),
        (
            ["action": "encode", "text": "x", "model_name": "bytes-1"], "no_vocabulary",
            "there is no vocabulary for this model, only its bytes are counted; "
                + "./scripts/assets install brings vocabularies"
        ),
        (
            ["action": "decode", "tokens": [1], "model_name": "bytes-1"], "no_vocabulary",
            "there is no vocabulary for this model, only its bytes are counted; "
                + "./scripts/assets install brings vocabularies"
        ),
    ]

    @Test("Says what is wrong with a call", arguments: failures)
    func fails(_ arguments: JSONValue, _ code: String, _ message: String) async throws {
        guard case .failed(let failedCode, let failedMessage) = try await failure(arguments) else {
            Issue.record("it fails otherwise")
            return
        }
        #expect(failedCode == code)
        #expect(failedMessage == "scrubbed: " + message)
    }

    static let violations: [(JSONValue, String)] = [
        ([:], "args.action"), (["action": "tokenise"], "args.action"), (["action": 1], "args.action"),
        (["action": "count", "text": 1], "args.text"), (["action": "decode", "tokens": "1"], "args.tokens"),
        (["action": "decode", "tokens": [1, "2"]], "args.tokens[1]"),
        (["action": "decode", "tokens": [1.5]], "args.tokens[0]"),
        (["action": "info", "model_name": ""], "args.model_name"),
        (["action": "info", "model_name": .string(String(repeating: "m", count: 201))], "args.model_name"),
        (["action": "info", "model": "x"], "args"),
        (["action": "count", "text": .string(String(repeating: "x", count: 100_001))], "args.text"),
        (["action": "decode", "tokens": .array(Array(repeating: 1, count: 50_001))], "args.tokens"),
    ]

    @Test("Takes nothing but what its schema says", arguments: violations)
    func refuses(_ arguments: JSONValue, _ path: String) async throws {
        guard case .invalidArguments(let violation) = try await failure(arguments) else {
            Issue.record("the arguments are taken")
            return
        }
        #expect(violation.path == path)
    }

    @Test("Takes as much as its schema says")
    func bounds() async throws {
        let text = String(repeating: "é", count: 100_000)
        let counted = try await run(["action": "count", "text": .string(text)])
        #expect(
            counted
                == .ok(
                    result: #"{"tokens":200000,"bytes":200000,"characters":100000,"tokenizer":"o200k_base","#
                        + #""fallback":false}"#,
                    truncated: false))
        let decoded = try await run(["action": "decode", "tokens": .array(Array(repeating: 120, count: 50_000))])
        guard case .ok(_, truncated: true) = decoded else {
            Issue.record("it has no result")
            return
        }
    }
}
