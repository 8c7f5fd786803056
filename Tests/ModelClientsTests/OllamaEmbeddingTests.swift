import OrchCore
import OrchEgress
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Testing

@Suite("Embeddings by Ollama")
struct OllamaEmbeddingTests {
    func embed(_ body: String, answer: String = #"{"embeddings":[[1.5,-2]],"prompt_eval_count":4}"#) async throws -> (
        sent: JSONValue, answer: JSONValue
    ) {
        let http = ollamaHTTP(ScriptedReply(answer))
        let reply = try await ollama(http).embed(Array(body.utf8), timeout: .seconds(1))
        return (try json(http.requests.last), reply.body.root.value)
    }

    func failure(_ body: String, answer: String = "{}") async -> ProviderError? {
        do {
            _ = try await embed(body, answer: answer)
            return nil
        } catch {
            return error as? ProviderError
        }
    }

    @Test("are OpenAI's list of vectors")
    func translates() async throws {
        let (sent, answer) = try await embed(
            #"{"model":"e","input":"a\n","dimensions":2,"encoding_format":"float","user":"u"}"#)
        #expect(try sent == json(#"{"model":"e","truncate":false,"input":"a\n","dimensions":2}"#))
        let expected = """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.5,-2]}],"model":"e",\
            "usage":{"prompt_tokens":4,"total_tokens":4}}
            """
        #expect(try answer == json(expected))
    }

    @Test("are base 64 of little-endian floats where that is asked for")
    func encodesBase64() async throws {
        let (sent, answer) = try await embed(#"{"model":"e","input":["a"],"encoding_format":"base64"}"#)
        #expect(sent.objectValue?["encoding_format"] == nil)
        #expect(answer.objectValue?["data"]?.arrayValue?.first?.objectValue?["embedding"] == "AADAPwAAAMA=")
    }

    @Test(
        "are refused by the field that Ollama cannot honour",
        arguments: [
            (#""input":[1,2]"#, "input"), (#""input":[[1]]"#, "input"), (#""input":[]"#, "input"),
            (#""input":7"#, "input"),
            (#""x":1"#, "input"), (#""input":"a","encoding_format":"int8""#, "encoding_format"),
            (#""input":"a","dimensions":0"#, "dimensions"), (#""input":"a","keep_alive":1"#, "keep_alive"),
        ])
    func refuses(fields: String, parameter: String) async throws {
        let error = await failure(#"{"model":"e",\#(fields)}"#)
        #expect(error?.code == .unsupported)
        #expect(error?.parameter == parameter)
    }

    @Test("without a model, or of no object, are refused")
    func refusesBodies() async throws {
        #expect(await failure(#"{"input":"a"}"#)?.parameter == "model")
        #expect(await failure("[]")?.code == .rejectedRequest)
    }

    @Test(
        "of the wrong number or form are malformed",
        arguments: [
            #"{"embeddings":[]}"#, #"{"embeddings":[[1],[2]]}"#, #"{"embeddings":[["1"]]}"#, #"{"embeddings":[1]}"#,
            "{}",
        ])
    func refusesAnswers(answer: String) async throws {
        #expect(await failure(#"{"model":"e","input":"a"}"#, answer: answer)?.code == .malformedAnswer)
    }
}
