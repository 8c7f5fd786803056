import SystemPackage
import Testing

@testable import OrchCommandLine

struct ScrubCommandTests {
    /// A key that looks like one, put together here so that no file holds it.
    static let key = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z56"

    private func scrub(_ arguments: String..., text: String, isTerminal: Bool = false) async -> Run {
        await orch(["scrub"] + arguments, pieces: [Array(text.utf8)], isTerminal: isTerminal)
    }

    // MARK: Text

    @Test func `what is found is replaced, and the rest is as it was`() async {
        let text = "key: \(Self.key)\r\nwrite to jo@example.org\n\nend"
        let run = await scrub(text: text)
        #expect(run.status == 0)
        #expect(run.out == "key: [REDACTED]\r\nwrite to [REDACTED]\n\nend")
        #expect(run.err.isEmpty)
    }

    @Test func `replacements say what stood there where that is asked for`() async {
        let run = await scrub("--typed", text: "key: \(Self.key), jo@example.org\n")
        #expect(run.out == "key: [REDACTED:github-pat], [REDACTED:email]\n")
    }

    @Test func `weak findings are taken, unless a confidence is asked for`() async {
        let text = "on 2024-05-31, jo@example.org"
        #expect(await scrub(text: text).out == "on [REDACTED], [REDACTED]")
        #expect(await scrub("--minimum-confidence", "0.5", text: text).out == "on 2024-05-31, [REDACTED]")
        #expect(await scrub("--minimum-confidence", "1", text: text).out == text)
    }

    @Test(arguments: [[], ["--typed"], ["--list"], ["--json"]])
    func `nothing comes of nothing`(arguments: [String]) async {
        for pieces in [[], [[]]] as [[[UInt8]]] {
            let run = await orch(["scrub"] + arguments, pieces: pieces)
            #expect(run.status == 0)
            #expect(run.out.isEmpty && run.err.isEmpty)
        }
    }

    @Test func `every way of cutting the input gives the same`() async {
        let text = Array("é key=\(Self.key) 😀 jo@example.org, 4111 1111 1111 1111.".utf8)
        for mode in ["--typed", "--list"] {
            let whole = await orch(["scrub", mode], pieces: [text])
            for size in [1, 2, 3, 7, 40] {
                let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0...].prefix(size)) }
                #expect(await orch(["scrub", mode], pieces: pieces).outBytes == whole.outBytes)
            }
        }
    }

    @Test func `bytes that are no UTF-8 go through`() async {
        let end: [UInt8] = [0x0A, 0xFF, 0x00, 0xE2, 0x80]
        let run = await orch(["scrub"], pieces: [[0xC3, 0x28, 0x20] + Array("jo@example.org".utf8) + end])
        #expect(run.status == 0)
        #expect(run.outBytes == [0xC3, 0x28, 0x20] + Array("[REDACTED]".utf8) + end)
    }

    @Test func `a text cannot steer the terminal, however it is cut`() async {
        #expect(await scrub(text: "a\u{1B}[2Jb\n", isTerminal: true).out == "a\\u{1b}[2Jb\n")
        let pieces = Array("é😀\u{202E}".utf8).map { [$0] }
        #expect(await orch(["scrub"], pieces: pieces, isTerminal: true).out == "é😀\\u{202e}")
        let half = await orch(["scrub"], pieces: [[0x61, 0xF0], [0x9F]], isTerminal: true)
        #expect(half.out == "a\u{FFFD}")
    }

    // MARK: Files

    @Test func `a file is read, in as many pieces as it takes`() async throws {
        let directory = try TemporaryDirectory()
        let filler = String(repeating: "nothing is in here\n", count: 15_000)
        let path = try directory.write("text", Array("\(Self.key)\n\(filler)\(Self.key)".utf8))
        let run = await orch("scrub", path)
        #expect(run.status == 0)
        #expect(run.out == "[REDACTED]\n\(filler)[REDACTED]")

        let length = Self.key.utf8.count
        let list = [0, length + 1 + filler.utf8.count].map { "github-pat\t\($0)\t\($0 + length)\t0.95\n" }
        #expect(await orch("scrub", "--list", path).out == list.joined())
    }

    @Test func `a dash is standard input`() async {
        #expect(await orch(["scrub", "-"], pieces: [Array("to jo@example.org".utf8)]).out == "to [REDACTED]")
    }

    @Test(arguments: [[], ["--list"], ["--json"]])
    func `a file that is not there is told`(mode: [String]) async throws {
        let directory = try TemporaryDirectory()
        let run = await orch(["scrub", directory.path.appending("gone").string] + mode)
        #expect(run.status == 66)
        #expect(run.out.isEmpty)
        #expect(run.err == "orch: the file cannot be read: it is not there, or not for you\n")
    }

    @Test func `a folder is no text`() async throws {
        let directory = try TemporaryDirectory()
        let run = await orch("scrub", directory.path.string)
        #expect(run.status == 65)
        #expect(run.err == "orch: the file cannot be read: it is not a regular file\n")
    }

    @Test func `a reader that goes away ends the command without a word`() async {
        let run = await orch(["scrub"], pieces: [Array("one two three\n".utf8)], closesAfter: 0)
        #expect(run.status == 74)
        #expect(run.err.isEmpty)
    }

    // MARK: Findings

    @Test func `findings are listed by Unicode scalars, a line for each`() async {
        let run = await scrub("--list", text: "é👩‍💻 jo@example.org\nand \(Self.key)")
        #expect(run.status == 0)
        let end = 24 + Self.key.count
        #expect(run.out == "email\t5\t19\t0.95\ngithub-pat\t24\t\(end)\t0.95\n")
    }

    @Test func `a list without findings is empty, and all is well`() async {
        let run = await scrub("--list", text: "nothing is in here\n")
        #expect(run.status == 0)
        #expect(run.out.isEmpty && run.err.isEmpty)
    }
}
