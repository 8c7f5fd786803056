import OrchApprovals
import OrchCore
import OrchOrchestrator
import OrchStorageSQLite
import OrchTestSupport
import Testing

@testable import OrchCommandLine

@Suite("orch hitl")
struct HitlCommandTests {
    private let folder: TemporaryFolder
    private let store: SQLiteReviewStore
    private let cipher = PayloadCipher(secret: Redacted([UInt8](repeating: 1, count: 32)))
    private var fixture = Fixture()

    init() throws {
        folder = try TemporaryFolder()
        store = SQLiteReviewStore(try ReviewDatabase(path: folder.path("reviews.db")), now: { Fixture.moment })
        let stores = ApprovalDesk.Stores(approvals: store, reviews: store, cipher: cipher)
        fixture.approvals = ApprovalDesk(
            settings: ApprovalDesk.Settings(
                isEnforced: true, queues: true, hasOperators: true, lifetime: .seconds(900),
                owner: Claim.Owner("command/test")),
            stores: { stores }, now: { Fixture.moment }, observe: { _ in })
    }

    private func queue(_ number: Int, requester: String = "ann") async throws -> String {
        let id = TraceID(at: Fixture.moment, random: (0, UInt64(number))).description
        let arguments: JSONObject = ["disk": .string("disk-\(number)")]
        let review = Review(
            id: id, tool: "wipe", argumentsHash: ArgumentsHash(of: arguments), requester: requester,
            createdAt: Fixture.moment, expiresAt: Fixture.moment.advanced(by: .seconds(900)),
            payload: try cipher.seal(arguments.canonical, .payload, of: id))
        return try await store.enqueue(review, announcing: nil).id
    }

    @Test("lists what waits, shows one, approves and denies")
    func all() async throws {
        let environment = fixture.environment
        let nothing = await orch("hitl", "list", in: environment)
        #expect(nothing.status == 0 && nothing.out == "Nothing waits, and nothing did.\n")
        let (first, second) = (try await queue(1), try await queue(2))
        let list = await orch("hitl", "list", "--status", "pending", "--limit", "1", in: environment)
        #expect(list.out.contains(second) && !list.out.contains(first) && list.out.contains("--cursor \(second)"))
        let page = try (await orch("hitl", "list", "--json", in: environment)).json().objectValue
        #expect(page?["data"]?.arrayValue?.count == 2 && page?["has_more"] == false)

        let shown = await orch("hitl", "show", first, in: environment)
        #expect(shown.status == 0 && shown.out.contains(#"{"disk":"disk-1"}"#) && !shown.out.contains("reviewer"))
        let approved = await orch("hitl", "approve", first, "--note", "fine", "--json", in: environment)
        #expect(approved.status == 0, "\(approved.err)")
        let item = try approved.json().objectValue
        #expect(item?["status"] == "executed" && item?["reviewer"] == "command_line" && item?["note"] == "fine")
        #expect(item?["result"]?.objectValue?["result"] == "wiped")
        let denied = await orch("hitl", "deny", second, in: environment)
        #expect(denied.status == 0 && denied.out.contains("denied"))
        let late = await orch("hitl", "approve", second, in: environment)
        #expect(late.status == 1 && late.err.contains("the review is denied: nothing is left to decide"))
    }

    @Test("says what is wrong, with a status")
    func faults() async throws {
        let environment = fixture.environment
        let id = try await queue(1)
        #expect(await orch("hitl", "show", "nobody", in: environment).status == 66)
        #expect(await orch("hitl", "approve", "nobody", in: environment).status == 66)
        let own = try await queue(2, requester: "command_line")
        let refused = await orch("hitl", "approve", own, in: environment)
        #expect(refused.status == 1 && refused.err.contains("who asks cannot decide"))
        let malformed = await orch("hitl", "approve", id, "--args", "{", in: environment)
        #expect(malformed.status == 64 && malformed.err.contains("--args is not valid JSON"))
        let wrong = await orch("hitl", "list", "--status", "open", in: environment)
        #expect(wrong.status == 65 && wrong.err.contains("status must be one of pending"))
        var closed = fixture
        closed.approvals = .nobody
        let unavailable = await orch("hitl", "list", in: closed.environment)
        #expect(unavailable.status == 69 && unavailable.err.contains("no approvals are kept here"))
    }

    @Test("a tool that is run by hand waits, too, and takes an approval")
    func run() async throws {
        let environment = fixture.environment
        let run = await orch("tools", "run", "wipe", "--args", "{}", in: environment)
        #expect(run.status == 1 && run.err.contains("wipe waits for a human's approval: review "))
        let approval = Approval(
            id: "a1", tool: "wipe", argumentsHash: ArgumentsHash(of: [:]), approver: "op", createdAt: Fixture.moment,
            expiresAt: Fixture.moment.advanced(by: .seconds(5)))
        try await store.issue(approval, announcing: nil)
        let done = await orch("tools", "run", "wipe", "--args", "{}", "--approval", "a1", in: environment)
        #expect(done.status == 0 && done.out == "wiped\n", "\(done.err)")
    }
}
