import Logging
import OrchCore
import Testing

@testable import OrchObservability

@Suite struct LogRedactionTests {
    @Test(arguments: [
        "authorization", "Authorization", "AUTHORIZATION", "http.request.header.authorization", "Set-Cookie", "cookie",
        "prompt", "system_prompt", "systemPrompt", "prompt.preview", "gen_ai.prompt.0.content", "content", "messages",
        "arguments", "tool.call.arguments", "args", "token", "access_token", "accessToken", "approval-token", "secret",
        "client_secret", "api_key", "apiKey", "APIKey", "X-API-Key", "OPENAI_API_KEY", "uri", "hb.request.uri", "query",
        "url.query", "hb.request.path", "body", "password", "db password",
    ]) func `Values of such keys are not written`(key: String) {
        let capture = LogCapture()
        for json in [true, false] {
            capture.logger(json: json).info("m", metadata: ["\(key)": "hunter2"])
            capture.logger(json: json).info("m", metadata: ["\(key)": ["inner": ["hunter2"]]])
            capture.logger(json: json).info("m", metadata: ["\(key)": .stringConvertible("hunter2")])
            capture.logger(json: json).info("m", metadata: ["outer": ["\(key)": "hunter2"]])
        }
        #expect(capture.text.count == 8)
        for line in capture.text {
            #expect(!line.contains("hunter2"))
            #expect(line.contains("[redacted]"))
        }
    }

    @Test func `A name that is complete only across levels is seen too`() {
        #expect(LogFields.flattened(["request": ["path": "/x?y"]]).first?.value == .text("[redacted]"))
        #expect(LogFields.flattened(["api": ["key": "hunter2"]]).first?.value == .text("[redacted]"))
    }

    @Test(arguments: [
        "request_id", "trace_id", "prompt_tokens", "completion_tokens", "tokens", "max_tokens", "content_length",
        "content_type", "message_count", "route", "status", "provider", "model", "tokenizer", "secretary", "querying",
        "context", "key", "gen_ai.usage.input_tokens", "duration_ms", "outcome", "",
    ]) func `Counts and names of things are written`(key: String) {
        #expect(!LogRedaction.isDenied(key))
    }

    @Test func `Every word of the list is refused as it stands`() {
        for word in LogRedaction.denied { #expect(LogRedaction.isDenied(word), "\(word)") }
    }

    @Test func `A redacted value of the core stays so under any key`() {
        let capture = LogCapture()
        capture.logger(json: true).info("m", metadata: ["value": .stringConvertible(Redacted("hunter2"))])
        #expect(capture.text.first?.contains("\"value\":\"[redacted]\"") == true)
    }
}
