import OrchCore
import OrchReceipts

/// Data such as requests bring.
enum Sample {
    static let moment = Timestamp(microseconds: 1_800_000_000_123_456)
    static let hash = String(repeating: "0123456789abcdef", count: 4)
    static let pins: JSONObject = [
        "program": "0.1.0", "configuration": .string(hash), "router_policy": .string(hash), "agents": .string(hash),
    ]

    static func text(words: Int) -> String {
        (0..<words).map { "word\($0 % 17)" }.joined(separator: " ")
    }

    static func body(messages: Int, wordsPerMessage: Int, more: JSONObject = [:]) -> [UInt8] {
        let text = text(words: wordsPerMessage)
        let list = (0..<messages).map { index -> JSONValue in
            ["role": index % 2 == 0 ? "user" : "assistant", "content": .string("\(text) „\(index)“\n")]
        }
        var body: JSONObject = ["model": "bench-model", "temperature": 0.7, "messages": .array(list)]
        for member in more.members { body[member.key] = member.value }
        return JSONValue.object(body).serialized
    }

    /// The receipt of a chat.
    static func entry() -> ReceiptEntry {
        let trace = Trace(
            id: TraceID(at: moment, random: (1, 2)), createdAt: moment,
            metadata: ["route": "chat", "caller": "default"],
            steps: [
                Step(.policySnapshot, at: moment, pins),
                Step(
                    .intentRouter, at: moment,
                    [
                        "router": "rules", "mode": "advanced", "tool": nil, "rule": nil, "confidence": 0,
                        "reason": "no_match",
                    ]),
                Step(
                    .tokenUsage, at: moment,
                    [
                        "input_tokens": 321, "tokenizer": "bytes", "fallback": true, "model": "bench-model",
                        "reason": "chat_tier1", "tier": "tier1",
                    ]),
                Step(
                    .llmProvider, at: moment,
                    [
                        "provider": "openai", "model": "bench-model", "attempts": 1, "latency_ms": 12, "outcome": "ok",
                        "prompt_tokens": 150, "completion_tokens": 60,
                    ]),
            ])
        let salt = TraceSalt.generate()
        return ReceiptEntry(
            .whole, trace: trace, status: .ok, at: moment, salt: salt,
            contents: [
                salt.commitment(.request, to: [UInt8](repeating: 0x61, count: 700)),
                salt.commitment(.answer, to: [UInt8](repeating: 0x62, count: 400)),
            ])
    }
}
