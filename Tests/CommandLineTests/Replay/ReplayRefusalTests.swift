import OrchCore
import OrchReceipts
import Synchronization
import SystemPackage
import Testing

@testable import OrchCommandLine

/// What `orch replay` does where the request cannot be decided again.
struct ReplayRefusalTests {
    private let log = MemoryLog()
    private let folder: TemporaryDirectory
    private var fixture = Fixture()

    init() throws {
        folder = try TemporaryDirectory()
        fixture.log = log
        fixture.chunks = ["fine"]
        fixture.chatsAskMeaning = true
        fixture.pins = ["router_policy": "rules-1", "tool_policy": "policy-1"]
    }

    private static func body(_ text: String) -> [UInt8] {
        Array(#"{"messages":[{"role":"user","content":"\#(text)"}]}"#.utf8)
    }

    /// Answers a request, and gives its trace and the file that holds it.
    private func recorded(_ text: String, agent: String? = nil) async throws -> (trace: String, file: String) {
        let body = Self.body(text)
        try await fixture.answer(body, agent: agent)
        return (log.id(log.state.withLock { $0.leaves.count - 1 }).description, try folder.write("body.json", body))
    }

    private func replay(_ request: (trace: String, file: String), _ options: String..., by fixture: Fixture) async
        -> Run
    {
        await orch(["replay", request.trace, "--input", request.file] + options, in: fixture.environment)
    }

    @Test func `another input is refused, and nothing is compared`() async throws {
        var request = try await recorded("calculate 1")
        request.file = try folder.write("other.json", Self.body("calculate 1") + [0x0A])
        let run = await replay(request, by: fixture)
        #expect(run.status == 1 && run.out.contains("differs: these bytes are not what the receipt binds"))
        #expect(run.out.hasSuffix("another input: nothing was compared\n"))
        let json = try await replay(request, "--json", by: fixture).json().objectValue
        #expect(json?["input"] == "differs" && json?["same"] == false && json?["parts"] == [])
    }

    @Test func `where the salt is gone the input cannot be checked`() async throws {
        let request = try await recorded("calculate 1")
        let id = try #require(TraceID(request.trace))
        log.change { $0.traces[id]?.salt = nil }
        let run = await replay(request, by: fixture)
        #expect(run.status == 0 && run.out.contains("cannot be checked: the receipt's salt was deleted"), "\(run.err)")
        _ = log.change { $0.traces[id]?.salt = TraceSalt.generate().bytes }
        #expect(await replay(request, by: fixture).status == 1)
    }

    @Test func `an erased trace has nothing to compare`() async throws {
        let request = try await recorded("calculate 1")
        _ = try await log.erase(try #require(TraceID(request.trace)))
        let run = await replay(request, by: fixture)
        #expect(run.status == 69 && run.err.contains("were deleted (erased): the input cannot be checked"))
    }

    @Test func `what was changed behind the log's back is not compared`() async throws {
        let request = try await recorded("calculate 1")
        let id = try #require(TraceID(request.trace))
        log.change { $0.traces[id]?.steps[0].json = Array("{}".utf8) }
        let run = await replay(request, by: fixture)
        #expect(run.status == 1 && run.err.contains("what is stored of the trace is not what its leaf binds"))
    }

    @Test func `what cannot be replayed is said`() async throws {
        let request = try await recorded("calculate 1")
        let missing = await orch(
            "replay", request.trace, "--input", folder.path.string + "/none", in: fixture.environment)
        #expect(missing.status == 66 && missing.err.contains("the file of --input cannot be read"))
        let unknown = await orch(
            "replay", TraceArgument.example, "--input", request.file, in: fixture.environment)
        #expect(unknown.status == 66 && unknown.err.contains("there is no such trace"))
        let open = await orch("replay", log.open().description, "--input", request.file, in: fixture.environment)
        #expect(open.status == 1 && open.err.contains("no leaf in the log yet"))
        var off = fixture
        (off.log, off.receipts) = (nil, nil)
        #expect(await replay(request, by: off).status == 69)
        #expect(await orch("replay", "x", "--input", request.file).status == 64)
        #expect(await orch("replay", request.trace).status == 64)
    }
}
