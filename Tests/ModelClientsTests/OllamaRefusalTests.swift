import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("What Ollama cannot do is refused by name, before anything is sent")
struct OllamaRefusalTests {
    func refusal(_ body: String) async -> ProviderError? {
        let http = ollamaHTTP(ScriptedReply(OllamaRequestTests.answer))
        let error = await ollama(http).failureOfComplete(.sample(body))
        #expect(await ollama(http).failureOfStream(.sample(body))?.parameter == error?.parameter)
        #expect(http.requests.isEmpty)
        return error
    }

    @Test(
        "Top-level fields",
        arguments: [
            (#""n":2"#, "n"), (#""logprobs":true"#, "logprobs"), (#""top_logprobs":3"#, "top_logprobs"),
            (#""logit_bias":{"5":1}"#, "logit_bias"), (#""tool_choice":"required""#, "tool_choice"),
            (#""tool_choice":{"type":"function"}"#, "tool_choice"),
            (#""parallel_tool_calls":false"#, "parallel_tool_calls"),
            (#""modalities":["text","audio"]"#, "modalities"), (#""audio":{}"#, "audio"),
            (#""prediction":{}"#, "prediction"),
            (#""store":true"#, "store"), (#""service_tier":"priority""#, "service_tier"),
            (#""web_search_options":{}"#, "web_search_options"), (#""functions":[]"#, "functions"),
            (#""function_call":"none""#, "function_call"), (#""top_k":5"#, "top_k"), (#""keep_alive":1"#, "keep_alive"),
            (#""options":{}"#, "options"), (#""reasoning_effort":"minimal""#, "reasoning_effort"),
            (#""temperature":"hot""#, "temperature"), (#""seed":1.5"#, "seed"), (#""max_tokens":0"#, "max_tokens"),
            (#""stop":[1]"#, "stop"), (#""stop":{}"#, "stop"), (#""tools":{}"#, "tools"),
            (#""tools":[{"type":"custom"}]"#, "tools[0].type"), (#""response_format":{}"#, "response_format.type"),
            (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema.schema"),
        ])
    func topLevel(field: String, parameter: String) async throws {
        let error = await refusal(#"{"model":"m","messages":[],\#(field)}"#)
        #expect(error?.code == .unsupported)
        #expect(error?.parameter == parameter)
        #expect(error?.message.hasPrefix("\(parameter) ") == true)
        #expect(error?.isOutage == false)
    }

    @Test(
        "Fields of messages",
        arguments: [
            (#"{"role":"function","content":""}"#, "role"), (#"{"content":""}"#, "role"),
            (#"{"role":"user","content":"","name":"ann"}"#, "name"), (#"{"role":"user","content":5}"#, "content"),
            (#"{"role":"user","content":"","pinned":true}"#, "pinned"),
            (#"{"role":"assistant","content":"","audio":{"id":"a"}}"#, "audio"),
            (#"{"role":"assistant","content":"","refusal":"no"}"#, "refusal"),
            (#"{"role":"user","content":"","tool_calls":[]}"#, "tool_calls"),
            (#"{"role":"assistant","tool_calls":{}}"#, "tool_calls"),
            (#"{"role":"assistant","tool_calls":[{"id":"c"}]}"#, "tool_calls[0].function.name"),
            (
                #"{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"[1]"}}]}"#,
                "tool_calls[0].function.arguments"
            ),
            (
                #"{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{"}}]}"#,
                "tool_calls[0].function.arguments"
            ),
            (#"{"role":"tool","tool_call_id":"c9","content":""}"#, "tool_call_id"),
            (#"{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}"#, "content[0].type"),
            (#"{"role":"user","content":[{"type":"text","text":"a","cache_control":{}}]}"#, "content[0].cache_control"),
            (#"{"role":"user","content":[{"type":"text"}]}"#, "content[0].text"),
        ])
    func messageFields(message: String, path: String) async throws {
        let error = await refusal(#"{"model":"m","messages":[{"role":"system","content":"s"},\#(message)]}"#)
        #expect(error?.code == .unsupported)
        #expect(error?.parameter == "messages[1].\(path)")
    }

    @Test(
        "Images that Ollama would have to fetch, or cannot read",
        arguments: [
            ("https://example.com/secret.png", ""), ("data:text/plain;base64,QQ==", ""), ("data:image/png,abc", ""),
            ("data:image/png;base64,", ""), ("data:image/png;base64,QQ", ""), ("data:image/png;base64,Q!==", ""),
            ("data:image/png;base64,QQ==\",\"detail\":\"high", ".detail"),
        ])
    func images(url: String, suffix: String) async throws {
        let part = #"{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"\#(url)"}}"#
        let error = await refusal(#"{"model":"m","messages":[{"role":"user","content":[\#(part)]}]}"#)
        #expect(error?.parameter == "messages[0].content[1].image_url\(suffix)")
        #expect(error?.message.contains("secret") == false)
    }

    @Test("A field's name is repeated only if it is a plain word")
    func doesNotRepeatText() async throws {
        let error = await refusal(#"{"model":"m","messages":[],"My password is hunter2":1}"#)
        #expect(error?.code == .unsupported)
        #expect(error?.parameter == nil)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("A body without messages")
    func missingMessages() async throws {
        #expect(await refusal(#"{"model":"m"}"#)?.parameter == "messages")
    }
}
