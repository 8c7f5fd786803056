import OrchApprovals
import OrchCore
import OrchOrchestrator
import OrchReceipts
import OrchStorageSQLite
import OrchTestSupport
import OrchTools
import Synchronization
import Testing

@testable import OrchServer

@Suite("Approvals over HTTP")
struct ApprovalRouteTests {
    private static func refusal(_ reason: String, _ more: String = "") -> String {
        #"{"status":"error","tool":"wipe","error":"approval_required","approval_reason":"\#(reason)"\#(more)}"#
    }

    private static let done = #"{"status":"ok","tool":"wipe","result":"wiped one"}"#

    @Test("an approval has exactly this form, and lets its call run once")
    func issue() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let answer = try await server.ask(
                .approval(#"{"name":"wipe","args":{"disk":"one"},"ttl_seconds":60}"#))
            #expect(answer.status == 200 && answer["x-orch-trace-id"] != nil)
            let object = try #require(answer.json?.objectValue)
            let id = try #require(object["approval_id"]?.stringValue)
            let hash = ArgumentsHash(of: ["disk": "one"]).hexadecimal
            #expect(
                object.keys == [
                    "approval_id", "tool", "args_hash", "approver", "created_at", "expires_at", "status", "receipt",
                ])
            #expect(
                object["tool"] == "wipe" && object["args_hash"]?.stringValue == hash && object["approver"] == "boss")
            #expect(object["status"] == "approved")
            #expect(object["created_at"]?.stringValue == "2023-11-14T22:13:20.000000Z")
            #expect(object["expires_at"]?.stringValue == "2023-11-14T22:14:20.000000Z")
            #expect(try await server.result(.wipe(approval: id)) == Self.done)
            #expect(try await server.result(.wipe(approval: id)) == Self.refusal("already_consumed"))
            #expect(governance.ran == ["one"])
        }
    }

    @Test("every reason has exactly this body, and nothing runs")
    func reasons() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.approved()
            let unknown = "01940000-0000-7000-8000-000000000000"
            #expect(try await server.result(.wipe(approval: unknown)) == Self.refusal("unknown_approval"))
            #expect(try await server.result(.wipe("two", approval: id)) == Self.refusal("args_hash_mismatch"))
            governance.advance(by: .seconds(60))
            #expect(try await server.result(.wipe(approval: id)) == Self.refusal("expired"))

            let review = try await server.queued("three")
            let more = #","hitl_request_id":"\#(review)""#
            #expect(try await server.result(.wipe("three")) == Self.refusal("missing_approval", more))
            #expect(try await server.result(.wipe("three", approval: review)) == Self.refusal("pending"))
            #expect(
                try await server.result(.wipe("three", approval: review).by(TestServer.otherToken))
                    == Self.refusal("unknown_approval"), "another's review is nobody's business")
            try await server.expect(200, for: .decide(review, "deny"))
            #expect(try await server.result(.wipe("three", approval: review)) == Self.refusal("denied"))
            #expect(governance.ran.isEmpty)
        }
    }

    @Test("an approval is of its own tool")
    func otherTool() async throws {
        let governance = try Governance()
        let second = Tool(
            name: "format", description: "Formats.", parameters: governance.tool.parameters, safe: false
        ) { _ in ToolOutput("formatted") }
        try await TestServer.run(governance.options { $0.tools.append(second) }) { server in
            let id = try await server.approved()
            let answer = try await server.result(
                .post("/v1/tools/execute", #"{"name":"format","args":{"disk":"one"},"approval_token":"\#(id)"}"#))
            #expect(
                answer
                    == #"{"status":"error","tool":"format","error":"approval_required","approval_reason":"tool_mismatch"}"#
            )
        }
    }

    @Test("who gave an approval cannot use it, another operator can")
    func selfApproval() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.approved()
            let own = try await server.ask(.wipe(approval: id).by(TestServer.operatorToken))
            expectError(own, 403, "permission_error", "self_approval")
            #expect(own["x-orch-trace-id"] != nil)
            #expect(try await server.result(.wipe(approval: id).by(TestServer.otherOperatorToken)) == Self.done)
        }
    }

    @Test("only operators give approvals")
    func operators() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let request = RawRequest.approval(#"{"name":"wipe","args":{"disk":"one"}}"#)
            expectError(
                try await server.ask(request.by(TestServer.token)), 403, "permission_error", "operator_required")
            try await server.expect(401, for: request.by(nil))
            try await server.expect(401, for: request.by("wrong"))
        }
    }

    static let refusals: [(String, Int, String, String?, String)] = [
        (
            "{", 400, "invalid_json", nil,
            "the body is not valid JSON: expected a key in double quotes at line 1 column 2 (byte 1)"
        ),
        ("[]", 400, "invalid_type", "body", "body must be an object, not an array"),
        ("{}", 400, "missing_required_parameter", "name", "name is required"),
        (#"{"name":5}"#, 400, "invalid_type", "name", "name must be a string, not a number"),
        (#"{"name":"wipe","args":[]}"#, 400, "invalid_type", "args", "args must be an object, not an array"),
        (
            #"{"name":"nope"}"#, 404, "not_found", "name",
            "there is no such tool: GET /v1/tools lists those there are"
        ),
        (#"{"name":"wipe"}"#, 400, "invalid_value", "args.disk", "args.disk is missing"),
        (
            #"{"name":"wipe","args":{"disk":7}}"#, 400, "invalid_value", "args.disk",
            "args.disk must be of type string"
        ),
        (
            #"{"name":"wipe","args":{"disk":"x"},"ttl_seconds":0}"#, 400, "invalid_value", "ttl_seconds",
            "ttl_seconds must be a whole number from 1 to 31536000"
        ),
        (
            #"{"name":"wipe","args":{"disk":"x"},"ttl_seconds":"60"}"#, 400, "invalid_value", "ttl_seconds",
            "ttl_seconds must be a whole number from 1 to 31536000"
        ),
        (
            #"{"name":"wipe","who":"me"}"#, 400, "invalid_value", nil,
            "the body has a field besides name, args and ttl_seconds"
        ),
    ]

    @Test("bodies that are wrong are refused, naming the field", arguments: refusals)
    func refuses(_ body: String, _ status: Int, _ code: String, _ param: String?, _ message: String) async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let answer = try await server.ask(.approval(body))
            expectError(answer, status, "invalid_request_error", code, param: param)
            #expect(answer[["error", "message"]]?.stringValue == message)
        }
    }

    @Test("numbers are the same however they are written: for the approval, the policy and the tool")
    func numbers() async throws {
        let governance = try Governance()
        let seen = Mutex<[JSONValue?]>([])
        let tool = Tool(
            name: "pay", description: "", parameters: ["type": "object", "properties": ["cents": ["type": "integer"]]],
            safe: false
        ) { arguments in
            seen.withLock { $0.append(arguments["cents"]) }
            return ToolOutput("paid")
        }
        let policy = try Governance.policy(
            """
            policy: {version: 1}
            rules:
              - match: pay
                action: allow
                conditions: {args: {type: object, properties: {cents: {enum: [3000]}}}}
            """)
        let options = governance.options {
            $0.tools = [tool]
            $0.toolPolicy = policy
        }
        try await TestServer.run(options) { server in
            for number in ["3000", "3000.0", "3e3"] {
                let given = try await server.ask(.approval(#"{"name":"pay","args":{"cents":3.0e3}}"#))
                let id = given[["approval_id"]]?.stringValue ?? ""
                let call = #"{"name":"pay","args":{"cents":\#(number)},"approval_token":"\#(id)"}"#
                try await server.expect(
                    #"{"status":"ok","tool":"pay","result":"paid"}"#, of: .post("/v1/tools/execute", call))
            }
        }
        #expect(seen.withLock { $0 } == [3000, 3000, 3000])
    }

    @Test("where nobody could approve, nothing is approved")
    func nobody() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in _ = try await server.queued() }
        let id = try #require(
            try await governance.store.reviews(status: .pending, requester: nil, before: nil, limit: 1).first?.id)
        try await TestServer.run(governance.options { $0.approvals = governance.desk(hasOperators: false) }) { server in
            for request in [RawRequest.approval(#"{"name":"wipe","args":{"disk":"one"}}"#), .decide(id, "approve")] {
                expectError(try await server.ask(request), 403, "permission_error", "no_operators")
            }
            #expect(try await server.ask(.decide(id, "deny")).status == 200)
        }
        #expect(governance.ran.isEmpty)
    }

    @Test("approvals that are off, or that nobody could give")
    func settings() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options { $0.approvals = governance.desk(isEnforced: false) }) { server in
            try await server.expect(Self.done, of: .wipe())
        }
        try await TestServer.run(governance.options { $0.approvals = governance.desk(hasOperators: false) }) { server in
            try await server.expect(Self.refusal("missing_approval"), of: .wipe())
        }
        // Not even where approvals are off.
        let nobody = governance.desk(isEnforced: false, hasOperators: false)
        try await TestServer.run(governance.options { $0.approvals = nobody }) { server in
            try await server.expect(Self.refusal("missing_approval"), of: .wipe())
        }
        try await TestServer.run(governance.options { $0.approvals = governance.desk(queues: false) }) { server in
            try await server.expect(Self.refusal("missing_approval"), of: .wipe())
        }
        #expect(governance.ran == ["one"])
    }

    @Test("64 requests with one approval: one runs")
    func race() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            for round in 0..<20 {
                let disk = "d\(round)"
                let id = try await server.approved(disk)
                let won = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                    for _ in 0..<64 {
                        tasks.addTask { try await server.result(.wipe(disk, approval: id)).contains(#""status":"ok""#) }
                    }
                    return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(won == 1 && governance.ran.count { $0 == disk } == 1)
            }
        }
    }

    @Test("a database that is gone: nothing runs, 503, and the receipt says so")
    func storeGone() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.approved()
            try await governance.breakStore()
            for request in [
                RawRequest.wipe(approval: id), .wipe(), .approval(#"{"name":"wipe","args":{"disk":"one"}}"#),
                .get("/v1/hitl"), .get("/v1/hitl/x"),
                .decide("x", "approve"), .decide("x", "deny"),
            ] {
                let answer = try await server.ask(request)
                expectError(answer, 503, "service_unavailable", "approvals_unavailable")
                #expect(answer["retry-after"] == "1")
            }
            #expect(governance.ran.isEmpty)
            #expect(server.receipts?.statuses.suffix(3) == ["failed", "failed", "failed"])
            // Safe tools need no approvals.
            let echo = try await server.result(.post("/v1/tools/execute", #"{"name":"echo","args":{"message":"x"}}"#))
            #expect(echo == #"{"status":"ok","tool":"echo","result":"Echo: x"}"#)
        }
    }

    @Test("receipts that do not work: the approval is spent, and nothing runs")
    func receiptsGone() async throws {
        let governance = try Governance()
        let options = governance.options { $0.receipts = MemoryReceipts(failsAfter: 1) }
        try await TestServer.run(options) { server in
            let id = try await server.approved()
            let answer = try await server.ask(.wipe(approval: id))
            expectError(answer, 503, "service_unavailable", "receipts_unavailable")
            #expect(governance.ran.isEmpty)
            #expect(try await governance.states("tool_approvals") == ["failed"])
        }
    }

    @Test("the opening is on disk before an unsafe tool runs, and no receipt holds arguments or their hash")
    func receipts() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.approved("canary")
            _ = try await server.ask(.wipe("canary", approval: id))
            let entries = server.receipts?.entries ?? []
            #expect(entries.map(\.phase) == [.whole, .opening, .closing])
            let text = entries.map { entry in
                entry.steps.map { String(decoding: $0.json, as: UTF8.self) }.joined(separator: "\n")
            }.joined(separator: "\n")
            #expect(!text.contains("canary") && !text.contains(ArgumentsHash(of: ["disk": "canary"]).hexadecimal))
            #expect(text.contains(#"{"id":"\#(id)","outcome":"issued","reason":null,"tool":"wipe"}"#))
            #expect(text.contains(#"{"id":"\#(id)","outcome":"claimed","reason":null,"tool":"wipe"}"#))
        }
    }
}

extension Governance {
    /// Takes the tables away.
    func breakStore() async throws {
        try SQLiteCommand.run(path, "ALTER TABLE tool_approvals RENAME TO a; ALTER TABLE hitl_queue RENAME TO b")
    }

    /// The states in a table.
    func states(_ table: String) async throws -> [String] {
        try SQLiteCommand.column(path, "SELECT status FROM \(table) ORDER BY created_at")
    }
}
