import OrchCore
import Testing

@testable import OrchCommandLine

struct TokensCodingTests {
    private func tokens(
        _ arguments: String..., input: String = "", isTerminal: Bool = false
    ) async throws -> Run {
        await orch(
            ["tokens"] + arguments, in: try TinyVocabulary.environment(), pieces: [Array(input.utf8)],
            isTerminal: isTerminal)
    }

    // MARK: Encode

    @Test func `ids stand on one line`() async throws {
        let run = try await tokens("encode", input: "hello world é")
        #expect(run.status == 0)
        #expect(run.out == "259 264 32 195 169\n")
        #expect(run.err.isEmpty)
        #expect(try await tokens("encode").out == "\n")
    }

    @Test func `ids as JSON`() async throws {
        let value = try await tokens("encode", "--json", input: "hello world").json()
        #expect(value == ["tokens": [259, 264], "tokenizer": "o200k_base"])
        #expect(try await tokens("encode", "--json").json() == ["tokens": [], "tokenizer": "o200k_base"])
    }

    @Test func `each token is shown with its text, whatever it is`() async throws {
        let run = try await tokens("encode", "--show", input: "hello world\"\\\u{1B}\n\u{E9}", isTerminal: true)
        #expect(
            run.out == """
                259\t"hello"
                264\t" world"
                34\t"\\""
                92\t"\\\\"
                27\t"\\u{1b}"
                10\t"\\n"
                195\t"\\xC3"
                169\t"\\xA9"

                """)
    }

    @Test(arguments: [["encode"], ["decode", "1"]])
    func `where there is no vocabulary it says what brings one`(arguments: [String]) async throws {
        let run = await orch(
            ["tokens"] + arguments + ["--model", "bytes"], in: try TinyVocabulary.environment(), pieces: [])
        #expect(run.status == 69)
        #expect(run.out.isEmpty)
        #expect(
            run.err == """
                orch: there is no vocabulary for this model, only its bytes are counted; ./scripts/assets install \
                brings vocabularies

                """)
    }

    @Test func `a text that is no UTF-8 is not encoded`() async throws {
        let run = await orch(["tokens", "encode"], in: try TinyVocabulary.environment(), pieces: [[0x61, 0xFF]])
        #expect(run.status == 65)
        #expect(run.err == "orch: the input is not valid UTF-8 at byte 1 (from 0)\n")
    }

    // MARK: Decode

    @Test func `ids are arguments, lines or JSON`() async throws {
        #expect(try await tokens("decode", "259", "264").out == "hello world")
        #expect(try await tokens("decode", input: " 259\n264\t").out == "hello world")
        #expect(try await tokens("decode", "-", input: "[259, 264]\n").out == "hello world")
        #expect(try await tokens("decode", input: #"{"tokens":[259],"tokenizer":"x"}"#).out == "hello")
        #expect(try await tokens("decode", input: "").out.isEmpty)
        #expect(try await tokens("decode", input: "[]").out.isEmpty)
        let directory = try TemporaryDirectory()
        let path = try directory.write("42", Array("264\n".utf8))
        #expect(try await tokens("decode", path).out == " world")
    }

    @Test func `what was encoded is decoded`() async throws {
        let text = "hello world, wörld\n\u{0}😀 <|endoftext|>"
        for form in [[], ["--json"]] as [[String]] {
            let environment = try TinyVocabulary.environment()
            let ids = await orch(["tokens", "encode"] + form, in: environment, pieces: [Array(text.utf8)])
            let run = await orch(["tokens", "decode"], in: environment, pieces: [ids.outBytes])
            #expect(run.outBytes == Array(text.utf8))
        }
    }

    @Test func `a text as JSON`() async throws {
        let value = try await tokens("decode", "--json", "259", "10").json()
        #expect(value == ["text": "hello\n", "tokenizer": "o200k_base"])
    }

    @Test func `a text cannot steer the terminal, and ends its line there`() async throws {
        #expect(try await tokens("decode", "27", "259", isTerminal: true).out == "\\u{1b}hello\n")
        #expect(try await tokens("decode", "259", "10", isTerminal: true).out == "hello\n")
    }

    @Test(arguments: [
        ("259 300", "token 1 (from 0) is 300, which o200k_base does not have"),
        ("4611686018427387904", "token 0 (from 0) is 4611686018427387904, which o200k_base does not have"),
        ("259 x", "token 1 (from 0) is not a whole number that can be an id"),
        ("259 -1", "token 1 (from 0) is not a whole number that can be an id"),
        ("99999999999999999999", "token 0 (from 0) is not a whole number that can be an id"),
        ("[259, 1.5]", "token 1 (from 0) is not a whole number that can be an id"),
        ("[-1]", "token 0 (from 0) is not a whole number that can be an id"),
        ("[\"259\"]", "token 0 (from 0) is not a whole number that can be an id"),
        ("{\"ids\": []}", "the ids are neither an array nor an object {\"tokens\": […]}"),
        ("[259", "the ids are not valid JSON: "),
        (
            "259 195",
            "invalid UTF-8 boundary: the character that begins in token 1 (from 0) is not whole; --lossy writes the text "
                + "all the same"
        ),
        (
            "240 159 259",
            "invalid UTF-8 boundary: the character that begins in token 0 (from 0) is not whole; --lossy writes the text "
                + "all the same"
        ),
    ])
    func `ids that are no text are told`(input: String, message: String) async throws {
        let run = try await tokens("decode", input: input)
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.err.hasPrefix("orch: \(message)"), "\(run.err)")
    }

    @Test func `characters that are not whole can be written`() async throws {
        #expect(try await tokens("decode", "--lossy", "259", "195", "33").out == "hello\u{FFFD}!")
        #expect(try await tokens("decode", "--lossy", "300").status == 65)
    }
}
