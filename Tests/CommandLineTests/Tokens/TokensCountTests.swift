import OrchCore
import SystemPackage
import Testing

@testable import OrchCommandLine

struct TokensCountTests {
    private func count(_ arguments: String..., text: String) async throws -> Run {
        await orch(
            ["tokens", "count"] + arguments, in: try TinyVocabulary.environment(), pieces: [Array(text.utf8)])
    }

    @Test func `a text is counted by the model's vocabulary`() async throws {
        let run = try await count(text: "hello world")
        #expect(run.status == 0)
        #expect(run.out == "2\n")
        #expect(run.err.isEmpty)
        #expect(try await count(text: "").out == "0\n")
    }

    @Test func `what looks like a control token is text`() async throws {
        let run = try await count(text: "<|endoftext|>")
        #expect(Int(run.out.dropLast()) ?? 0 > 1)
    }

    @Test func `JSON says how it was counted`() async throws {
        #expect(
            try await count("--json", text: "hello é").json() == [
                "tokens": 4, "bytes": 8, "characters": 7, "tokenizer": "o200k_base", "fallback": false,
            ])
        #expect(
            try await count("--json", "--model", "bytes", text: "hello é").json() == [
                "tokens": 8, "bytes": 8, "characters": 7, "tokenizer": "bytes", "fallback": true,
            ])
    }

    @Test func `a vocabulary is named as a model is`() async throws {
        #expect(try await count("--model", "o200k_base", text: "hello").out == "1\n")
    }

    @Test func `where bytes are counted there is a warning`() async throws {
        let run = try await count("--model", "bytes", text: "hello")
        #expect(run.status == 0)
        #expect(run.out == "5\n")
        #expect(run.err == "warning: \(TokensOptions.fallbackWarning)\n")
    }

    @Test func `the pieces of the input are one text`() async throws {
        let pieces = Array("hello world é".utf8).map { [$0] }
        let run = await orch(["tokens", "count", "-"], in: try TinyVocabulary.environment(), pieces: pieces)
        #expect(run.out == "5\n")
    }

    @Test func `a file is read`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("text", Array("hello world".utf8))
        let run = await orch("tokens", "count", path, in: try TinyVocabulary.environment())
        #expect(run.out == "2\n")
    }

    @Test func `a file that is not there and a folder are told`() async throws {
        let directory = try TemporaryDirectory()
        let gone = await orch("tokens", "count", directory.path.appending("gone").string)
        #expect(gone.status == 66)
        #expect(gone.err == "orch: the file cannot be read: it is not there, or not for you\n")
        let folder = await orch("tokens", "count", directory.path.string)
        #expect(folder.status == 65)
        #expect(folder.err == "orch: the file cannot be read: it is not a regular file\n")
    }

    @Test(
        arguments: [
            ([0xFF], 0), (Array("hé".utf8) + [0x80], 3), ([0x61, 0xE2, 0x82], 1), ([0x61, 0xED, 0xA0, 0x80], 1),
        ] as [([UInt8], Int)])
    func `bytes that are no UTF-8 are named by their place`(bytes: [UInt8], offset: Int) async throws {
        let run = await orch(["tokens", "count"], in: try TinyVocabulary.environment(), pieces: [bytes])
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.err == "orch: the input is not valid UTF-8 at byte \(offset) (from 0)\n")
    }

    @Test func `more than 16 MiB are not read`() async throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let run = await orch(
            ["tokens", "count"], in: try TinyVocabulary.environment(),
            pieces: [[UInt8]](repeating: piece, count: 16) + [[0x0A]])
        #expect(run.status == 65)
        #expect(run.err == "orch: the input is longer than 16777216 bytes\n")
    }

    @Test func `so much is read and no more`() async throws {
        func read(_ count: Int, _ path: String?) async throws -> Int {
            let screen = Screen(pieces: [[1, 2, 3], [UInt8](repeating: 0, count: count - 3)])
            let session = Session(environment: try TinyVocabulary.environment(), terminal: screen.terminal())
            return try await TokensInput.bytes(of: path, in: session, maximumBytes: 10).count
        }
        let directory = try TemporaryDirectory()
        #expect(try await read(10, nil) == 10)
        #expect(try await read(10, try directory.write("ten", [UInt8](repeating: 0, count: 10))) == 10)
        await #expect(throws: CommandFailure(.malformedData, "the input is longer than 10 bytes")) {
            try await read(11, nil)
        }
        let path = try directory.write("eleven", [UInt8](repeating: 0, count: 11))
        let message = "the file cannot be read: the file is longer than 10 bytes"
        await #expect(throws: CommandFailure(.malformedData, message)) { try await read(11, path) }
    }
}
