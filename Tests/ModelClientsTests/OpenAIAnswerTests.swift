import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("Answers of an OpenAI-compatible server")
struct OpenAIAnswerTests {
    static let finished = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    static let begun = #"data: {"choices":[{"index":0,"delta":{"content":"a"}}]}"# + "\n\n"

    func events(_ text: String, ending: ScriptedReply.Ending = .complete) -> ScriptedHTTP {
        ScriptedHTTP { _ in
            ScriptedReply(contentType: "Text/Event-Stream;charset=UTF-8", pieces: [Array(text.utf8)], ending: ending)
        }
    }

    @Test(
        "are JSON with or without a character set", arguments: ["application/json", "Application/JSON ; charset=utf-8"])
    func acceptsContentTypes(type: String) async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"choices":[]}"#, contentType: type) }
        _ = try await openAI(http).complete(.sample())
    }

    @Test("are refused under another media type", arguments: ["text/html", "text/plain", nil, "application/jsonp"])
    func refusesContentTypes(type: String?) async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"choices":[]}"#, contentType: type) }
        #expect(await openAI(http).failureOfComplete(.sample())?.code == .malformedAnswer)
        #expect(await openAI(events("")).failureOfComplete(.sample())?.code == .malformedAnswer)
    }

    @Test(
        "say by a plain word what was wrong, and never by their sentences",
        arguments: [
            (
                #"{"error":{"message":"M","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
                ", context_length_exceeded)"
            ),
            (
                #"{"error":{"message":"M","type":"exceed_context_size_error","code":400}}"#,
                ", exceed_context_size_error)"
            ),
            (#"{"object":"error","message":"M","type":"bad_request","code":400}"#, ", bad_request)"),
            (#"{"error":{"message":"M","type":"the user said M","code":null}}"#, "(HTTP 400)"),
            (#"{"error":"M"}"#, "(HTTP 400)"), ("M", "(HTTP 400)"), ("", "(HTTP 400)"),
        ])
    func namesFault(body: String, word: String) async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(body, status: 400, contentType: "application/json") }
        for error in [await openAI(http).failureOfComplete(.sample()), await openAI(http).failureOfStream(.sample())] {
            let error = try #require(error)
            #expect(error.message.hasSuffix(word), "\(error.message)")
            #expect(!error.message.contains("M"))
        }
        #expect(http.unfinishedStreams == 0)
    }

    @Test("A failing server's endless explanation is not read to its end")
    func boundsErrorBodies() async throws {
        let piece = [UInt8](repeating: 0x20, count: 1 << 16)
        let http = ScriptedHTTP { _ in ScriptedReply(status: 500, pieces: [piece, piece, piece], ending: .stalled) }
        #expect(await openAI(http).failureOfStream(.sample())?.code == .failed)
        #expect(http.unfinishedStreams == 0)
    }

    @Test("A failure that comes with status 200 is a failure")
    func seesErrorInSuccess() async throws {
        let http = ScriptedHTTP { _ in ScriptedReply(#"{"error":{"message":"M","type":"server_error"}}"#) }
        #expect(await openAI(http).failureOfComplete(.sample())?.code == .failed)
        #expect(await openAI(http).failureOfStream(.sample())?.code == .failed)
        let harmless = ScriptedHTTP { _ in ScriptedReply(#"{"error":null,"choices":[]}"#) }
        #expect(await openAI(harmless).failureOfComplete(.sample()) == nil)
    }

    @Test("A stream may end without [DONE] once its choices are finished")
    func acceptsMissingDone() async throws {
        #expect(try await openAI(events(Self.begun + Self.finished)).chunks(.sample()).count == 2)
        #expect(await openAI(events(Self.begun)).failureOfStream(.sample())?.code == .unreachable)
        #expect(await openAI(events("")).failureOfStream(.sample())?.code == .unreachable)
        let cutOff = events(Self.begun + Self.finished, ending: .cutOff)
        #expect(await openAI(cutOff).failureOfStream(.sample())?.code == .unreachable)
    }

    @Test("Every choice of a stream has to be finished")
    func waitsForAllChoices() async throws {
        let second = #"data: {"choices":[{"index":1,"delta":{"content":"b"}}]}"# + "\n\n"
        #expect(
            await openAI(events(Self.begun + second + Self.finished)).failureOfStream(.sample())?.code == .unreachable)
        #expect(
            await openAI(events(Self.begun + second + Self.finished + "data: [DONE]\n\n")).failureOfStream(.sample())
                == nil)
    }

    @Test(
        "What comes after [DONE] is not looked at, and not waited for",
        arguments: [ScriptedReply.Ending.stalled, .cutOff])
    func endsAtDone(ending: ScriptedReply.Ending) async throws {
        let http = events(Self.finished + "data: [DONE]\n\ndata: nonsense\n\n", ending: ending)
        #expect(try await openAI(http).chunks(.sample()).count == 1)
        #expect(http.unfinishedStreams == 0)
    }

    @Test("Chunks are passed on as the server wrote them")
    func passesChunksOn() async throws {
        let chunk = #"{ "choices":[ ], "x_own" : 1.0 }"#
        let chunks = try await openAI(events("data: \(chunk)\n\ndata: [DONE]\n\n")).chunks(.sample())
        #expect(chunks.map { String(decoding: $0.bytes, as: UTF8.self) } == [chunk])
    }

    @Test("A server that does not heed stream is heard all the same")
    func cutsWholeCompletion() async throws {
        let completion = """
            {"id":"c","object":"chat.completion","created":9,"model":"m","system_fingerprint":"f","choices":[{"index":0,\
            "message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function",\
            "function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],\
            "usage":{"total_tokens":3}}
            """
        let chunks = try await openAI(ScriptedHTTP { _ in ScriptedReply(completion) }).chunks(.sample())
        let head = #""id":"c","created":9,"model":"m","system_fingerprint":"f","object":"chat.completion.chunk""#
        let expected = [
            """
            {\(head),"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"t",\
            "type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":null,"finish_reason":null}]}
            """,
            "{\(head),\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}",
            "{\(head),\"choices\":[],\"usage\":{\"total_tokens\":3}}",
        ]
        #expect(chunks.map(\.root.value) == (try expected.map { try json($0) }))
    }

    @Test("The connection that was made is told")
    func tellsConnection() async throws {
        let connection = ConnectionRecord(endpoint: Endpoint(host: "h", port: 1), address: "127.0.0.1")
        let whole = ScriptedHTTP(connected: connection) { _ in ScriptedReply(#"{"choices":[]}"#) }
        #expect(try await openAI(whole).complete(.sample()).connected == connection)
        #expect(try await openAI(whole).stream(.sample()).connected == connection)
    }

    @Test("Models are listed with what the server says of them")
    func listsModels() async throws {
        let list = #"{"data":[{"id":"a","created":5,"owned_by":"me"},{"id":"b"},{"id":""},{"name":"c"},7]}"#
        let models = try await openAI(ScriptedHTTP { _ in ScriptedReply(list) }).models(timeout: .seconds(1))
        #expect(
            models == [
                ModelDescription(id: "a", created: 5, owner: "me"),
                ModelDescription(id: "b", created: 0, owner: "openai"),
            ])
    }
}
