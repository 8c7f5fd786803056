import OrchCore
import OrchReceipts
import Testing

@Suite("What is shown of a payload")
struct PayloadRedactorTests {
    private let redactor = PayloadRedactor(maximumCharacters: 20, redact: { $0 })
    private let hash = String(repeating: "0123456789abcdef", count: 4)

    /// The object as it is shown, without counting.
    private func shown(_ object: JSONObject, showsHashes: Bool = false) -> JSONObject {
        redactor.redact(object, showsHashes: showsHashes).shown
    }

    @Test(
        "Keys that may hold secrets or texts hide what they hold, however they are written",
        arguments: [
            "token", "approval_token", "secret", "client_secret", "password", "Password", "authorization",
            "Authorization",
            "api_key", "apiKey", "APIKey", "API-Key", "apikey", "key", "keys", "signing.key", "content", "contents",
            "prompt", "system_prompt", "systemPrompt", "text", "message", "messages", "args", "arguments", "params",
            "tool_params", "detail", "query", "body", "answer", "note", "cookie", "credentials", "accesstoken",
            "mySecrets",
        ])
    func sensitiveKeys(_ key: String) {
        for value: JSONValue in ["x", ["x"], ["a": 1], "", ["a", ["b": "c"]]] {
            let (shown, redactions) = redactor.redact([key: value, "other": 1])
            #expect(shown == [key: "<redacted>", "other": 1])
            #expect(redactions == 1)
        }
        #expect(shown([key: nil]) == [key: nil])
        #expect(shown([key: true]) == [key: true])
    }

    @Test("A number under such a key is a count, but under a secret's own name")
    func numbers() {
        let counts: JSONObject = [
            "prompt_tokens": 12, "completion_tokens": 3, "input_tokens": 0, "output_characters": 40, "message_count": 2,
            "token_count": 7, "text": 1.5,
        ]
        #expect(redactor.redact(counts) == (counts, 0))
        for key in ["password", "token", "api_key", "secret"] { #expect(shown([key: 1234]) == [key: "<redacted>"]) }
    }

    @Test("All that steps of this program hold is shown, but an error's detail")
    func realSteps() {
        let payloads: [JSONObject] = [
            [
                "router": "rules", "mode": "basic", "tool": "safe_calc", "rule": "arith", "confidence": 0.9,
                "reason": "ok",
            ],
            ["input_tokens": 5, "tokenizer": "bytes", "fallback": true, "model": "a", "tier": "chat_tier1"],
            [
                "tool": nil, "status": "error", "error": "unknown_tool", "policy_reason": nil, "approval_reason": nil,
                "duration_us": 12, "output_characters": 3, "truncated": false,
            ],
            [
                "endpoint": "https://a.example:80", "address": "2001:db8:85a3:8d3:1319:8a2e:370:7344",
                "outcome": "refused",
            ],
            ["provider": "openai", "attempts": 1, "latency_ms": 3, "fallback_reason": "circuit_open"],
            ["outcome": "ok", "finish_reason": "content_filter", "truncated": false],
            ["code": "authentication_failed", "count": 4],
            ["tool": "audit_erase", "trace_id": "018bcfe5-6800-7001-8000-000000000001", "retired_before_leaf": 5],
        ]
        let wide = PayloadRedactor(maximumCharacters: 500, redact: { $0 })
        for payload in payloads { #expect(wide.redact(payload) == (payload, 0)) }
        let died: JSONObject = ["code": "process_died", "detail": "the process ended"]
        #expect(wide.redact(died) == (["code": "process_died", "detail": "<redacted>"], 1))
    }

    @Test("Hashes are shown in a snapshot of policies and under their name, nowhere else")
    func hashes() {
        let wide = PayloadRedactor(maximumCharacters: 500, redact: { $0 })
        let pins: JSONObject = ["configuration": .string(hash), "agents": .string(hash)]
        #expect(wide.redact(pins, showsHashes: true) == (pins, 0))
        #expect(wide.redact(pins) == (["configuration": "<redacted>", "agents": "<redacted>"], 2))
        let named: JSONObject = ["leaf_hash": .string(hash), "file_sha256": .string(hash), "leafHash": .string(hash)]
        #expect(wide.redact(named) == (named, 0))
        #expect(wide.redact(["args_hash": .string(hash)]).redactions == 1)
        let upper = hash.uppercased()
        #expect(wide.redact(["leaf_hash": .string(upper)]).redactions == 1)
    }

    @Test(
        "What looks like a credential is hidden under any key",
        arguments: [
            "Bearer abcdef", "bearer abc", "he sent BEARER  x today", "sk-abcd", "sk-proj-Abc123",
            "key is sk-live-12345",
            "ghp_abcdefgh", "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx", "password=hunter2",
            "token: letmein", "api_key=x", "-----BEGIN PRIVATE KEY-----", "https://h/?token=a",
            "9f86d081884c7d659a2feaa0c55ad015", "dGhpcyBpcyBhIHNlY3JldCBrZXk5ODc2NTQz", "Zx3kQ9vT1mB7nR5yW2pL8sD4",
        ])
    func credentials(_ text: String) {
        let wide = PayloadRedactor(maximumCharacters: 500, redact: { $0 })
        #expect(wide.redact(["reason": .string(text)]) == (["reason": "<redacted>"], 1))
        #expect(wide.redact(["a": [["b": .string(text)], 1]]) == (["a": [["b": "<redacted>"], 1]], 1))
    }

    @Test(
        "What does not is shown",
        arguments: [
            "policy_denied:policy_missing", "bytes", "bearer", "task-force", "sk", "sk-", "risk-based",
            "hf.co/org/name",
            "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M", "DeepSeek-R1-Distill-Qwen-32B-Q4KM",
            "claude-3-5-sonnet-20241022", "SmolLM2-135M-Instruct.Q4_1", "018bcfe5-6800-7001-8000-000000000001",
            "2026-01-02T03:04:05.000006Z", "http://[2001:db8::1]:8080/v1", "127.0.0.1:11434",
            "ThisIsOneLongIdentifierOfWords",
            "pool_of_connections_is_exhausted_and_nothing_helps", "the token was refused", "",
        ])
    func harmless(_ text: String) {
        let wide = PayloadRedactor(maximumCharacters: 500, redact: { $0 })
        #expect(wide.redact(["reason": .string(text)]) == (["reason": .string(text)], 0))
    }

    @Test("What the scrubber changes is hidden, however harmless it looks")
    func scrubbed() {
        let redactor = PayloadRedactor(maximumCharacters: 500) { $0.replacing("jo@example.org", with: "*") }
        #expect(
            redactor.redact(["reason": "asked by jo@example.org", "tool": "echo"])
                == (["reason": "<redacted>", "tool": "echo"], 1))
    }

    @Test("Random keys of common forms are found, nearly all of them")
    func randomKeys() {
        var generator = SystemRandomNumberGenerator()
        func random(_ length: Int, of alphabet: String) -> String {
            String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "0" })
        }
        let base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        for (length, alphabet) in [
            (32, "0123456789abcdef"), (43, base62 + "-_"), (40, base62), (64, "0123456789abcdef"),
        ] {
            let found = (0..<1000).count { _ in
                redactor.redact(["reason": .string(random(length, of: alphabet))]).shown == ["reason": "<redacted>"]
            }
            #expect(found > 900, "\(length) of \(alphabet)")
        }
    }

    @Test("Long texts are cut behind the last character that fits, and count")
    func cut() {
        let fits = String(repeating: "é", count: 20)
        #expect(redactor.redact(["reason": .string(fits)]) == (["reason": .string(fits)], 0))
        let over = redactor.redact(["reason": .string(fits + "!"), "list": [.string(fits + fits)]])
        #expect(over == (["reason": .string(fits + "...<truncated>"), "list": [.string(fits + "...<truncated>")]], 2))
        // A family of four is one character.
        let family = String(repeating: "👨‍👩‍👧‍👦", count: 21)
        #expect(shown(["reason": .string(family)]) == ["reason": .string(family.prefix(20) + "...<truncated>")])
    }

    @Test("A credential behind the cut hides the text all the same")
    func secretBehindCut() {
        #expect(
            shown(["reason": .string(String(repeating: "a ", count: 100) + "sk-12345")]) == ["reason": "<redacted>"])
    }

    @Test("Objects in objects and in arrays are looked into, and keep their order")
    func nested() {
        let (shown, redactions) = redactor.redact([
            "z": ["token": "x", "a": [1, "ok", ["password": "y", "b": nil]]], "a": "fine", "content": ["deep": "z"],
        ])
        #expect(
            String(decoding: JSONValue.object(shown).serialized, as: UTF8.self)
                == #"{"z":{"token":"<redacted>","a":[1,"ok",{"password":"<redacted>","b":null}]},"a":"fine","#
                + #""content":"<redacted>"}"#)
        #expect(redactions == 3)
    }
}

@Suite("A stored step as an event")
struct TrustEventTests {
    private func event(_ json: String, type: String = "error") -> TrustEvent {
        TrustEvent(step(json, type: type), redactor: PayloadRedactor(maximumCharacters: 10, redact: { $0 }))
    }

    private func step(_ json: String, type: String) -> StoredTrace.Step {
        StoredTrace.Step(
            id: Array("t/0000".utf8), traceID: Array("t".utf8), type: Array(type.utf8),
            createdAt: Array("2026-01-02T03:04:05.000006Z".utf8), json: Array(json.utf8))
    }

    @Test("Its hash is of what is stored, and sizes are of both")
    func hash() {
        let json = #"{"code":"x","prompt":"a long prompt that nobody sees"}"#
        let event = event(json)
        #expect(event.hash == step(json, type: "error").hash)
        #expect(event.payload == ["code": "x", "prompt": "<redacted>"])
        #expect((event.traceID, event.stepID, event.stepType) == ("t", "t/0000", "error"))
        #expect(event.redactions == 1)
        #expect(event.storedBytes == json.utf8.count)
        #expect(event.shownBytes == #"{"code":"x","prompt":"<redacted>"}"#.utf8.count)
    }

    @Test(
        "What is no object has no payload, and a hash all the same",
        arguments: ["", "[]", "{", "{\"a\":1,\"a\":2}", "7"])
    func damaged(_ json: String) {
        let event = event(json)
        #expect(event.payload == nil)
        #expect((event.redactions, event.shownBytes) == (0, 0))
        #expect(event.hash == step(json, type: "error").hash)
    }

    @Test("The pins of a policy snapshot are shown whole where they fit")
    func pins() {
        let hash = String(repeating: "0123456789abcdef", count: 4)
        let wide = PayloadRedactor(maximumCharacters: 64, redact: { $0 })
        let json = #"{"agents":"\#(hash)"}"#
        #expect(
            TrustEvent(step(json, type: "policy_snapshot"), redactor: wide).payload == ["agents": .string(hash)])
        #expect(TrustEvent(step(json, type: "egress"), redactor: wide).payload == ["agents": "<redacted>"])
    }
}
