import OrchApprovals
import OrchCore
import OrchOrchestrator
import OrchReceipts
import OrchStorageSQLite
import OrchTestSupport
import OrchTools
import Testing

@testable import OrchServer

@Suite("Reviews over HTTP")
struct ReviewRouteTests {
    @Test("a request that waits has exactly this form, for its requester and for operators")
    func pending() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            let trace = server.receipts?.entries.last?.traceID ?? ""
            let hash = ArgumentsHash(of: ["disk": "one"]).hexadecimal
            let summary =
                #"{"request_id":"\#(id)","kind":"tool_call","status":"pending","tool":"wipe","#
                + #""args_hash":"\#(hash)","args_edited":false,"requester":"tester","agent":null,"#
                + #""created_at":"2023-11-14T22:13:20.000000Z","expires_at":"2023-11-14T22:28:20.000000Z","#
                + #""reviewer":null,"decided_at":null,"ended_at":null,"request_trace_id":"\#(trace)","#
                + #""decision_trace_id":null,"decision":null"#
            let item = summary + #","args":{"disk":"one"},"note":null,"result":null}"#
            for token in [TestServer.token, TestServer.operatorToken] {
                #expect(try await server.ask(.get("/v1/hitl/\(id)", token: token)).text == item)
                let page = #"{"object":"list","data":[\#(summary)}],"has_more":false,"next_cursor":null}"#
                #expect(try await server.ask(.get("/v1/hitl", token: token)).text == page)
            }
            let other = try await server.ask(.get("/v1/hitl/\(id)", token: TestServer.otherToken))
            expectError(other, 404, "invalid_request_error", "not_found")
            let none = #"{"object":"list","data":[],"has_more":false,"next_cursor":null}"#
            #expect(try await server.ask(.get("/v1/hitl", token: TestServer.otherToken)).text == none)
            try await server.expect(401, for: .get("/v1/hitl", token: nil))
        }
    }

    @Test("an approval runs the stored request once, and its result is kept")
    func approve() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            governance.advance(by: .seconds(5))
            let answer = try await server.ask(.decide(id, "approve", #"{"note":"go on"}"#))
            #expect(answer.status == 200)
            let item = try #require(answer.json?.objectValue)
            #expect(item["status"] == "executed" && item["reviewer"] == "boss" && item["note"] == "go on")
            #expect(item["args"] == .null, "what was asked for is gone")
            #expect(item["result"] == ["status": "ok", "tool": "wipe", "result": "wiped one"])
            #expect(item["decided_at"] == "2023-11-14T22:13:25.000000Z" && item["ended_at"] == item["decided_at"])
            #expect(item["decision_trace_id"]?.stringValue == answer["x-orch-trace-id"])
            #expect(item["receipt"]?.objectValue?["trace_id"] == item["decision_trace_id"])
            #expect(governance.ran == ["one"])
            // The requester sees it, too; a second decision is refused.
            let seen = try await server.ask(.get("/v1/hitl/\(id)"))
            #expect(seen[["result"]] == item["result"] && seen[["status"]] == "executed")
            for verb in ["approve", "deny"] {
                let again = try await server.ask(.decide(id, verb).by(TestServer.otherOperatorToken))
                expectError(again, 409, "invalid_request_error", "review_not_pending")
                #expect(again["x-should-retry"] == "false")
                #expect(
                    again[["error", "message"]]?.stringValue == "the review is executed: nothing is left to decide")
            }
            #expect(governance.ran == ["one"])
        }
    }

    @Test("other arguments make another binding, and must fit the schema")
    func edit() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            let wrong = try await server.ask(.decide(id, "approve", #"{"args":{"disk":5}}"#))
            expectError(wrong, 400, "invalid_request_error", "invalid_value", param: "args.disk")
            let answer = try await server.ask(.decide(id, "approve", #"{"args":{"disk":"two"}}"#))
            #expect(answer[["args_edited"]] == true)
            #expect(answer[["args_hash"]]?.stringValue == ArgumentsHash(of: ["disk": "two"]).hexadecimal)
            #expect(answer[["result", "result"]] == "wiped two")
            #expect(governance.ran == ["two"])
        }
    }

    @Test("a denial deletes the request")
    func deny() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            let answer = try await server.ask(.decide(id, "deny", #"{"note":"no"}"#))
            #expect(answer[["status"]] == "denied" && answer[["note"]] == "no" && answer[["result"]] == .null)
            #expect(answer[["args"]] == .null && governance.ran.isEmpty)
            #expect(
                try SQLiteCommand.column(
                    governance.path, "SELECT request_id FROM hitl_queue WHERE payload_json IS NOT NULL") == [])
        }
    }

    @Test("a run that fails, or that the policy denies by then, ends as failed with its reason")
    func failure() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued("bad")
            let answer = try await server.ask(.decide(id, "approve"))
            #expect(answer.status == 200 && answer[["status"]] == "failed")
            #expect(
                answer[["result"]] == [
                    "status": "error", "tool": "wipe", "error": "tool_failed", "code": "disk_error",
                    "message": "the disk is bad",
                ])
        }
        try await TestServer.run(governance.options()) { server in _ = try await server.queued("two") }
        let waiting = try SQLiteCommand.column(
            governance.path, "SELECT request_id FROM hitl_queue WHERE status = 'pending'")
        let id = try #require(waiting.first)
        let denied = ToolPolicyCheck.always(ToolPolicyDecision(allowed: false, reason: "closed", rule: "r1"))
        try await TestServer.run(governance.options { $0.toolPolicy = denied }) { server in
            let answer = try await server.ask(.decide(id, "approve"))
            #expect(answer[["status"]] == "failed")
            #expect(answer[["result", "error"]] == "policy_denied:closed")
        }
        #expect(governance.ran == ["bad"])
    }

    @Test("who asks cannot decide; operators alone can")
    func whoDecides() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued(by: TestServer.operatorToken)
            for verb in ["approve", "deny"] {
                expectError(
                    try await server.ask(.decide(id, verb)), 403, "permission_error", "self_approval")
                expectError(
                    try await server.ask(.decide(id, verb).by(TestServer.token)), 403, "permission_error",
                    "operator_required")
                try await server.expect(401, for: .decide(id, verb).by(nil))
            }
            let answer = try await server.ask(.decide(id, "approve").by(TestServer.otherOperatorToken))
            #expect(answer[["status"]] == "executed")
        }
    }

    @Test("a review whose time is over cannot be decided, whether or not it was swept")
    func expiry() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            governance.advance(by: .seconds(900))
            for verb in ["approve", "deny"] {
                expectError(
                    try await server.ask(.decide(id, verb)), 409, "invalid_request_error", "review_not_pending")
            }
            let upkeep = ReviewUpkeep(
                approvals: governance.store, reviews: governance.store, now: governance.now, observe: { _ in })
            try await upkeep.sweep()
            let item = try await server.ask(.get("/v1/hitl/\(id)"))
            #expect(item[["status"]] == "expired" && item[["args"]] == .null)
            let refusal = try await server.result(.wipe(approval: id))
            #expect(refusal.contains(#""approval_reason":"expired""#))
        }
    }

    @Test("what a dead process had begun is unknown, and is not run again")
    func unknown() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            try SQLiteCommand.run(
                governance.path,
                "UPDATE hitl_queue SET status = 'claimed', claim_owner = 'server/test', lease_ends_at = '9999'")
            let upkeep = ReviewUpkeep(
                approvals: governance.store, reviews: governance.store, now: governance.now, observe: { _ in })
            #expect(try await upkeep.sweep(reborn: Claim.Owner("server/test")) == 1)
            #expect(try await server.ask(.get("/v1/hitl/\(id)"))[["status"]] == "unknown")
            expectError(
                try await server.ask(.decide(id, "approve")), 409, "invalid_request_error", "review_not_pending")
            #expect(governance.ran.isEmpty)
        }
    }

    @Test("pages follow each other, newest first")
    func pages() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            var ids: [String] = []
            for number in 0..<5 {
                governance.advance(by: .seconds(1))
                ids.append(try await server.queued("d\(number)"))
            }
            var seen: [String] = []
            var cursor: String? = nil
            repeat {
                let query = "limit=2" + (cursor.map { "&cursor=\($0)" } ?? "")
                let page = try await server.ask(.get("/v1/hitl?\(query)", token: TestServer.operatorToken))
                seen += page[["data"]]?.arrayValue?.compactMap { $0.objectValue?["request_id"]?.stringValue } ?? []
                cursor = page[["next_cursor"]]?.stringValue
                #expect(page[["has_more"]] == .bool(cursor != nil))
            } while cursor != nil
            #expect(seen == ids.reversed())
            try await server.expect(200, for: .decide(ids[0], "deny"))
            let denied = try await server.ask(.get("/v1/hitl?status=denied", token: TestServer.operatorToken))
            #expect(denied[["data"]]?.arrayValue?.count == 1)
        }
    }

    static let queries: [(String, String, String)] = [
        (
            "status=open", "status",
            "status must be one of pending, approved, denied, expired, claimed, executed, failed, unknown"
        ),
        ("limit=0", "limit", "limit must be a whole number from 1 to 200"),
        ("limit=201", "limit", "limit must be a whole number from 1 to 200"),
        ("limit=x", "limit", "limit must be a whole number from 1 to 200"),
        ("cursor=x", "cursor", "cursor must be the next_cursor of the page before"),
    ]

    @Test("queries that are wrong are refused", arguments: queries)
    func wrongQuery(_ query: String, _ param: String, _ message: String) async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let answer = try await server.ask(.get("/v1/hitl?\(query)", token: TestServer.operatorToken))
            expectError(answer, 400, "invalid_request_error", "invalid_value", param: param)
            #expect(answer[["error", "message"]]?.stringValue == message)
        }
    }

    static let bodies: [(String, String, String, String?, String)] = [
        ("approve", "[]", "invalid_type", "body", "body must be an object, not an array"),
        ("approve", #"{"note":5}"#, "invalid_type", "note", "note must be a string, not a number"),
        ("approve", #"{"args":[]}"#, "invalid_type", "args", "args must be an object, not an array"),
        ("approve", #"{"x":1}"#, "invalid_value", nil, "the body has a field besides note and args"),
        ("deny", #"{"args":{}}"#, "invalid_value", nil, "the body has a field besides note"),
        (
            "deny", #"{"note":"\#(String(repeating: "n", count: 2001))"}"#, "invalid_value", "note",
            "note must have at most 2000 characters"
        ),
    ]

    @Test("bodies that are wrong are refused, and decide nothing", arguments: bodies)
    func wrongBody(_ verb: String, _ body: String, _ code: String, _ param: String?, _ message: String) async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            let answer = try await server.ask(.decide(id, verb, body))
            expectError(answer, 400, "invalid_request_error", code, param: param)
            #expect(answer[["error", "message"]]?.stringValue == message)
            #expect(try await server.ask(.get("/v1/hitl/\(id)"))[["status"]] == "pending")
        }
    }

    @Test("an empty body is enough, and an unknown review is not found")
    func small() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            #expect(try await server.ask(.decide(id, "deny", ""))[["status"]] == "denied")
            for verb in ["approve", "deny"] {
                expectError(
                    try await server.ask(.decide("nobody", verb)), 404, "invalid_request_error", "not_found")
            }
            expectError(
                try await server.ask(.get("/v1/hitl/nobody", token: TestServer.operatorToken)), 404,
                "invalid_request_error", "not_found")
        }
    }

    @Test("a full queue answers 503 with Retry-After")
    func full() async throws {
        let governance = try Governance(limits: ReviewLimits(pending: 2, pendingOfOneRequester: 1))
        try await TestServer.run(governance.options()) { server in
            _ = try await server.queued("a")
            let own = try await server.ask(.wipe("b"))
            expectError(own, 503, "service_unavailable", "review_queue_full")
            #expect(own["retry-after"] == "60")
            _ = try await server.queued("c", by: TestServer.otherToken)
            expectError(
                try await server.ask(.wipe("d").by(TestServer.operatorToken)), 503, "service_unavailable",
                "review_queue_full")
        }
    }

    @Test("stored requests, notes and results are unreadable in the file, and the request is gone after the end")
    func sealed() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued("canary-disk")
            func stored() throws -> [String] {
                try SQLiteCommand.column(governance.path, "SELECT payload_json FROM hitl_queue WHERE payload_json > ''")
            }
            let payload = try #require(try stored().first)
            func bytes() -> String {
                ["reviews.db", "reviews.db-wal"].map { String(decoding: governance.folder.read($0), as: UTF8.self) }
                    .joined()
            }
            #expect(bytes().contains(payload) && !bytes().contains("canary-disk"))
            let answer = try await server.ask(.decide(id, "approve", #"{"note":"canary-note"}"#))
            #expect(answer[["result", "result"]] == "wiped canary-disk")
            #expect(try stored().isEmpty)
            #expect(!bytes().contains("canary"))
            try SQLiteCommand.run(governance.path, "SELECT 1")
            try await governance.store.dropRemains()
            #expect(!bytes().contains(payload), "what was deleted is overwritten")
        }
    }

    @Test("a stored request that does not open is told, and can still be denied")
    func unreadable() async throws {
        let governance = try Governance()
        try await TestServer.run(governance.options()) { server in
            let id = try await server.queued()
            try SQLiteCommand.run(governance.path, #"UPDATE hitl_queue SET payload_json = '{"v":1,"box":"AAAA"}'"#)
            let answer = try await server.ask(.decide(id, "approve"))
            expectError(answer, 503, "service_unavailable", "stored_request_unreadable")
            #expect(try await server.ask(.decide(id, "deny"))[["status"]] == "denied")
        }
    }
}
