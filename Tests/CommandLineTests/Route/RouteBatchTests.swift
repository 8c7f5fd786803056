import OrchCore
import OrchRouting
import SystemPackage
import Testing

@testable import OrchCommandLine

struct RouteBatchTests {
    private func batch(
        _ input: String, _ options: String..., fixture: Fixture = Fixture(), isTerminal: Bool = false, piece: Int = 5
    ) async -> Run {
        let bytes = Array(input.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
        return await orch(
            ["route", "batch", "--intents", "intents.yaml"] + options, in: fixture.environment, pieces: pieces,
            isTerminal: isTerminal)
    }

    @Test func `writes one line for each text`() async {
        let run = await batch(
            """
            {"text": "wake me at seven", "intent": "passed over"}

            {"text": "wake me or amuse me"}
            {"text": "do something"}
            {"text": "…"}
            """)
        #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
        #expect(
            run.out == """
                {"intent":"alarm","s":0.99,"confidence":0.97,"gap":0.95,"runner_up":"joke","outcome":"routed","reason":"intent_confident"}
                {"intent":"alarm","s":0.95,"confidence":0.5,"gap":0.02,"runner_up":"joke","outcome":"human","reason":"hitl_ambiguous"}
                {"intent":"alarm","s":0.1,"confidence":0.05,"gap":0.2,"runner_up":"joke","outcome":"none","reason":"intent_router_no_match"}
                {"intent":null,"s":null,"confidence":null,"gap":null,"runner_up":null,"outcome":"none","reason":"text_without_meaning"}

                """)
    }

    @Test(arguments: [1, 2, 8, 64]) func `keeps the order, and no more texts under way than allowed`(
        parallel: Int
    ) async throws {
        var fixture = Fixture()
        for number in 0..<200 {
            fixture.routing.findings["text \(number)\(String(repeating: ".", count: number % 5))"] = .found(
                "joke", 0.9, 0.9, Double(number) / 1000 + 0.1, "alarm", 0.1)
        }
        let input = (0..<200).map { #"{"text":"text \#($0)\#(String(repeating: ".", count: $0 % 5))"}"# + "\n" }
            .joined()
        let run = await batch(input, "--parallel", "\(parallel)", fixture: fixture, piece: 1000)
        #expect(run.status == 0, "\(run.err)")
        let gaps = try run.jsonLines().map { $0.objectValue?["gap"]?.doubleValue }
        #expect(gaps == (0..<200).map { Double($0) / 1000 + 0.1 })
        #expect((1...parallel).contains(fixture.routing.load.most))
    }

    @Test func `reads a file, byte for byte the same as standard input`() async throws {
        let folder = try TemporaryDirectory()
        let text = "{\"text\":\"wake me at seven\"}\r\n{\"text\":\"x\"}"
        let file = try folder.write("in.jsonl", Array(text.utf8))
        let run = await orch("route", "batch", "--intents", "i.yaml", "--input", file)
        let piped = await batch(text)
        #expect(run.status == 0 && run.out == piped.out && run.out.split(separator: "\n").count == 2)
        let dash = await orch(
            "route", "batch", "--intents", "i.yaml", "--input", "-", pieces: [Array(text.utf8)])
        #expect(dash.out == run.out)
        let missing = await orch("route", "batch", "--intents", "i.yaml", "--input", folder.path.string + "/none")
        #expect(missing.status == 66 && missing.err.contains("the file of --input cannot be read"))
    }

    @Test(arguments: [
        ("{\"text\":\"x\"}\n\nno", "line 3 is not valid JSON"), ("{\"text\":\"x\"}\n[1]\n", "line 2 is not an object"),
        ("{\"text\":\"x\"}\n{\"text\":3}\n{\"text\":\"x\"}", "line 2 is not an object with a text"),
    ]) func `a faulty line ends it with its number, behind the answers before it`(
        input: String, message: String
    ) async {
        let run = await batch(input)
        #expect(run.status == 65 && run.err.hasPrefix("orch: \(message)"), "\(run.err)")
        #expect(run.out.split(separator: "\n").count == 1)
    }

    @Test func `a line that is too long is refused`() async throws {
        let screen = Screen(pieces: [[0x61, 0x61, 0x0A], [UInt8](repeating: 0x61, count: 5)])
        let session = Session(environment: Fixture().environment, terminal: screen.terminal())
        var lines = try InputLines(nil, in: session, maximumBytes: 4)
        #expect(try await lines.next()?.count == 2)
        do {
            _ = try await lines.next()
            Issue.record("it was taken")
        } catch let failure as CommandFailure {
            #expect(failure.status == .malformedData && failure.message == "line 2 is longer than 4 bytes")
        }
    }

    @Test func `where the embedder fails, that is said and the exit status is 1`() async {
        let run = await batch("{\"text\":\"slow\"}\n{\"text\":\"wake me at seven\"}\n")
        #expect(run.status == 1 && run.err.contains("the embedder failed at 1 text"))
        #expect(run.out.contains(#""reason":"embedder_timeout""#) && run.out.contains(#""outcome":"routed""#))
    }

    @Test func `without an embedder there is nothing to say`() async {
        var fixture = Fixture()
        fixture.routing.problem = "the embedder is not installed"
        let run = await batch("{\"text\":\"x\"}\n", fixture: fixture)
        #expect(run.status == 69 && run.err.contains("the embedder is not installed") && run.out.isEmpty)
        fixture.routing.fault = TableFault(codeName: "missing_file")
        #expect(await batch("", fixture: fixture).status == 66)
    }

    @Test func `learning is shown on a terminal unless quiet`() async {
        let run = await batch("", isTerminal: true)
        #expect(run.status == 0 && run.err.contains("\r1 of 2 learned (vectors)"))
        #expect(run.err.contains("\r1 learned (heads)") && run.err.hasSuffix("\r\u{1B}[K"))
        #expect(await batch("", "--quiet", isTerminal: true).err.isEmpty)
        #expect(await batch("").err.isEmpty)
    }

    @Test(arguments: ["0", "257", "many"]) func `a window that is none is refused`(parallel: String) async {
        #expect(await batch("", "--parallel", parallel).status == 64)
    }
}
