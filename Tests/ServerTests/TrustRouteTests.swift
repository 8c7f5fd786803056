import OrchCore
import OrchOrchestrator
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("The trust panel over HTTP")
struct TrustRouteTests {
    private let log = MemoryLog()
    private let moment = Timestamp.distantPast

    private func options(maximumEvents: Int = 200, isDebugAllowed: Bool = false) -> TestServer.Options {
        var options = TestServer.Options()
        options.log = log
        options.trust = TrustPanel.Settings(
            maximumEvents: maximumEvents, maximumValueCharacters: 10, isDebugAllowed: isDebugAllowed)
        return options
    }

    private func get(_ path: String) -> RawRequest { .get("/v1/trust/\(path)", token: TestServer.operatorToken) }

    private func step(_ type: StepType, _ payload: JSONObject) -> Step { Step(type, at: moment, payload) }

    private func hash(_ id: TraceID, _ place: Int) throws -> MerkleHash {
        try #require(log.stored(id)?.steps[place].hash)
    }

    private static let unknown = "018bcfe5-6800-7fff-8fff-ffffffffffff"

    // MARK: Who may

    @Test("every route is for operators, and off unless it is turned on")
    func access() async throws {
        let id = log.add()
        let paths = ["/v1/trust/events", "/v1/trust/trace/\(id)", "/v1/trust/verify/\(id)"]
        try await TestServer.run(options()) { server in
            for path in paths {
                try await server.expect(200, for: .get(path, token: TestServer.operatorToken))
                expectError(try await server.ask(.get(path)), 403, "permission_error", "operator_required")
                let nobody = try await server.ask(.get(path, token: nil))
                expectError(nobody, 401, "authentication_error", "missing_token")
                let wrong = try await server.ask(.get(path, token: "wrong"))
                expectError(wrong, 401, "authentication_error", "invalid_token")
                try await server.expect(405, for: RawRequest(method: "POST", path: path))
            }
            #expect(server.failures.drain() == 6)
        }
        var off = options()
        off.trust = nil
        try await TestServer.run(off) { server in
            for path in paths {
                let answer = try await server.ask(.get(path, token: TestServer.operatorToken))
                expectError(answer, 503, "service_unavailable", "trust_panel_disabled")
                try await server.expect(403, for: .get(path))
            }
        }
    }

    @Test("an operator's token is wanted even where bearers need none, and the public log changes nothing")
    func withoutBearers() async throws {
        log.add()
        var options = options()
        options.isBearerRequired = false
        options.isAuditPublic = true
        try await TestServer.run(options) { server in
            try await server.expect(401, for: .get("/v1/trust/events", token: nil))
            try await server.expect(401, for: .get("/v1/trust/events", token: "wrong"))
            try await server.expect(403, for: .get("/v1/trust/events"))
            try await server.expect(200, for: get("events"))
        }
    }

    @Test("a bearer that is refused counts against its rate all the same")
    func rate() async throws {
        var options = options()
        options.rules = [.init(limit: 2, period: .seconds(3600))]
        try await TestServer.run(options) { server in
            for _ in 0..<2 { try await server.expect(403, for: .get("/v1/trust/events")) }
            try await server.expect(429, for: .get("/v1/trust/events"))
        }
    }

    // MARK: Events

    @Test("events have exactly this answer, newest first, hashed as stored and shown redacted")
    func events() async throws {
        let first = log.add()
        let second = log.add(
            caller: "other", steps: [step(.error, ["code": "x", "prompt": "say it", "reason": "a reason too long"])])
        let (one, two, three) = (try hash(first, 0), try hash(second, 0), try hash(second, 1))
        try await TestServer.run(options()) { server in
            let answer = try await server.ask(get("events"))
            #expect(answer.status == 200)
            let (early, late) = ("2023-11-14T22:13:20.000000Z", "2023-11-14T22:13:20.001000Z")
            #expect(
                answer.text == #"{"count":3,"events":["#
                    + #"{"trace_id":"\#(second)","step_id":"\#(second)/0001","step_type":"error","#
                    + #""created_at":"\#(early)","payload":{"code":"x","prompt":"<redacted>","#
                    + #""reason":"a reason t...<truncated>"},"event_hash":"\#(three)","redactions":2},"#
                    + #"{"trace_id":"\#(second)","step_id":"\#(second)/0000","step_type":"policy_snapshot","#
                    + #""created_at":"\#(late)","payload":{"tool_policy":"policy-1"},"event_hash":"\#(two)","#
                    + #""redactions":0},"#
                    + #"{"trace_id":"\#(first)","step_id":"\#(first)/0000","step_type":"policy_snapshot","#
                    + #""created_at":"\#(early)","payload":{"tool_policy":"policy-1"},"event_hash":"\#(one)","#
                    + #""redactions":0}],"limit":50,"complete":true}"#)
            #expect(!answer.text.contains("say it"))
        }
    }

    @Test("events are chosen by kind, trace and number")
    func filters() async throws {
        let ids = (0..<5).map { _ in
            log.add(steps: [step(.tokenUsage, ["input_tokens": 1]), step(.error, ["code": "x"])])
        }
        try await TestServer.run(options(maximumEvents: 10)) { server in
            func found(_ query: String) async throws -> [String] {
                let answer = try await server.ask(get("events?\(query)"))
                #expect(answer.status == 200, "\(query)")
                let events = answer[["events"]]?.arrayValue ?? []
                #expect(answer[["count"]] == .integer(events.count))
                return events.compactMap { $0.objectValue?["step_id"]?.stringValue }
            }
            let usual = try await found("")
            #expect(usual.count == 10)
            #expect(try await found("limit=10").count == 10)
            #expect(try await found("limit=1") == ["\(ids[4])/0002"])
            #expect(try await found("step_type=token_usage") == ids.reversed().map { "\($0)/0001" })
            #expect(
                try await found("step_type=error,token_usage&limit=3") == [
                    "\(ids[4])/0002", "\(ids[4])/0001", "\(ids[3])/0002",
                ])
            #expect(try await found("step_type=error%2Cerror&limit=1") == ["\(ids[4])/0002"])
            #expect(try await found("step_type=egress").isEmpty)
            #expect(try await found("trace_id=\(ids[1])") == (0..<3).reversed().map { "\(ids[1])/000\($0)" })
            #expect(try await found("trace_id=\(ids[1])&step_type=error") == ["\(ids[1])/0002"])
            #expect(try await found("trace_id=\(Self.unknown)").isEmpty)
            #expect(try await found("debug=0&limit=1").count == 1)
        }
    }

    @Test("what a query cannot mean is refused by name")
    func badQueries() async throws {
        log.add()
        try await TestServer.run(options(maximumEvents: 20)) { server in
            let cases = [
                ("limit=0", "limit"), ("limit=21", "limit"), ("limit=-1", "limit"), ("limit=", "limit"),
                ("limit=1.0", "limit"), ("limit=+1", "limit"), ("limit=01", "limit"),
                ("limit=99999999999999999999", "limit"),
                ("step_type=", "step_type"), ("step_type=error,", "step_type"), ("step_type=,error", "step_type"),
                ("step_type=Error", "step_type"), ("step_type=error,canary", "step_type"),
                ("step_type=error%20", "step_type"), ("trace_id=", "trace_id"), ("trace_id=x", "trace_id"),
                ("trace_id=018BCFE5-6800-7FFF-8FFF-FFFFFFFFFFFF", "trace_id"), ("debug=1", "debug"),
                ("debug=true", "debug"), ("debug=", "debug"),
            ]
            for (query, parameter) in cases {
                let answer = try await server.ask(get("events?\(query)"))
                expectError(answer, 400, "invalid_request_error", "invalid_value", param: parameter)
                #expect(!answer.text.contains("canary"))
            }
            let over = try await server.ask(get("events?limit=21"))
            #expect(over[["error", "message"]]?.stringValue?.contains("from 1 to 20") ?? false)
            let unknown = try await server.ask(get("events?step_type=error,canary"))
            #expect(unknown[["error", "message"]]?.stringValue?.hasPrefix("word 2 of step_type") ?? false)
        }
    }

    @Test("without a limit there are 50, or fewer where fewer are allowed", arguments: [(10, 10), (50, 50), (200, 50)])
    func usualLimit(maximum: Int, expected: Int) async throws {
        for _ in 0..<60 { log.add() }
        try await TestServer.run(options(maximumEvents: maximum)) { server in
            let answer = try await server.ask(get("events"))
            #expect(answer[["count"]] == .integer(expected))
            #expect(answer[["limit"]] == .integer(expected))
        }
    }

    @Test("a search that was cut short says so")
    func incomplete() async throws {
        for _ in 0..<5 { log.add() }
        log.limitSearch(to: 3)
        try await TestServer.run(options()) { server in
            let (cut, filled) = (get("events?step_type=error"), get("events?limit=2"))
            try await server.expect(200, for: cut)
            #expect(try await server.ask(cut)[["complete"]] == false)
            #expect(try await server.ask(filled)[["complete"]] == true)
        }
    }

    @Test("with debug=1, where it is allowed, the sizes are told")
    func debug() async throws {
        let id = log.add(steps: [step(.error, ["prompt": "0123456789"])])
        try await TestServer.run(options(isDebugAllowed: true)) { server in
            let answer = try await server.ask(get("events?debug=1&limit=1&trace_id=\(id)"))
            let event = answer[["events"]]?.arrayValue?.first?.objectValue
            #expect(event?["payload"] == ["prompt": "<redacted>"])
            #expect(event?["sizes"] == ["stored_bytes": 23, "shown_bytes": 23])
            let plain = try await server.ask(get("events?debug=0&limit=1"))
            #expect(plain[["events"]]?.arrayValue?.first?.objectValue?["sizes"] == nil)
        }
    }

    // MARK: One trace

    @Test("a report has exactly this answer, and its chain is of what is stored")
    func report() async throws {
        log.add()
        let id = log.add(steps: [step(.error, ["code": "x", "api_key": "sk-12345678"])])
        let (one, two) = (try hash(id, 0), try hash(id, 1))
        let chain = TraceChain([one, two])
        try await TestServer.run(options()) { server in
            let answer = try await server.ask(get("trace/\(id)"))
            let (early, late) = ("2023-11-14T22:13:20.000000Z", "2023-11-14T22:13:20.001000Z")
            #expect(
                answer.text == #"{"trace_id":"\#(id)","created_at":"\#(late)","status":"ok","#
                    + #""metadata":{"caller":"tester","closed_at":"2023-11-14...<truncated>","route":"chat","#
                    + #""status":"ok"},"steps":["#
                    + #"{"trace_id":"\#(id)","step_id":"\#(id)/0000","step_type":"policy_snapshot","#
                    + #""created_at":"\#(late)","payload":{"tool_policy":"policy-1"},"event_hash":"\#(one)","#
                    + #""chain_hash":"\#(chain.links[0])","redactions":0},"#
                    + #"{"trace_id":"\#(id)","step_id":"\#(id)/0001","step_type":"error","created_at":"\#(early)","#
                    + #""payload":{"api_key":"<redacted>","code":"x"},"event_hash":"\#(two)","#
                    + #""chain_hash":"\#(chain.links[1])","redactions":1}],"#
                    + #""chain":{"algorithm":"sha256-hex-chain-v1","head":"\#(chain.head)","length":2},"#
                    + #""leaf_index":1}"#)
        }
    }

    @Test("traces that are under way, retired, damaged or gone have a report, too")
    func oddReports() async throws {
        let (open, retired, damaged, gone) = (log.open(), log.add(), log.add(), log.add())
        log.retire(retired)
        log.change(damaged) { stored in
            stored?.metadata = Array("{".utf8)
            stored?.steps[0].json = Array("canary".utf8)
        }
        log.change(gone) { $0 = nil }
        try await TestServer.run(options()) { server in
            let open = try await server.ask(get("trace/\(open)"))
            #expect(open[["status"]] == "open")
            #expect(open[["leaf_index"]] == .null)
            let retired = try await server.ask(get("trace/\(retired)"))
            #expect(retired[["metadata", "retired"]] == "expired")
            #expect(retired[["chain", "head"]] == .string(TraceChain.start))
            #expect(retired[["steps"]] == [])
            let damaged = try await server.ask(get("trace/\(damaged)"))
            #expect(damaged[["metadata"]] == .null)
            #expect(damaged[["status"]] == .null)
            #expect(damaged[["steps"]]?.arrayValue?.first?.objectValue?["payload"] == .null)
            #expect(!damaged.text.contains("canary"))
            let gone = try await server.ask(get("trace/\(gone)"))
            #expect(gone[["created_at"]] == .null)
            #expect(gone[["leaf_index"]] == 2)
            for id in [Self.unknown, "x", "..%2F", "018BCFE5-6800-7FFF-8FFF-FFFFFFFFFFFF"] {
                for path in ["trace", "verify"] {
                    let answer = try await server.ask(get("\(path)/\(id)"))
                    expectError(answer, 404, "invalid_request_error", "not_found")
                }
            }
        }
    }

    // MARK: Verification

    @Test("a chain is held against the hash that somebody kept")
    func expectedHash() async throws {
        let id = log.add(steps: [step(.error, ["code": "x"])])
        let kept = TraceChain([try hash(id, 0), try hash(id, 1)]).head
        try await TestServer.run(options()) { [log] server in
            let match = try await server.ask(get("verify/\(id)?expected_hash=\(kept)"))
            #expect(
                match.text == #"{"trace_id":"\#(id)","valid":true,"reason":"match","chain_hash":"\#(kept)","#
                    + #""expected_hash":"\#(kept)","steps":2}"#)
            log.change(id) { $0?.steps[1].json = Array(#"{"code":"y"}"#.utf8) }
            let mismatch = try await server.ask(get("verify/\(id)?expected_hash=\(kept)"))
            #expect(mismatch[["valid"]] == false)
            #expect(mismatch[["reason"]] == "mismatch")
            #expect(mismatch[["expected_hash"]] == .string(kept))
            #expect(mismatch[["chain_hash"]] != .string(kept))
            for bad in ["", "x", kept.uppercased(), String(kept.dropLast()), kept + "0", kept.dropLast() + "g"] {
                let answer = try await server.ask(get("verify/\(id)?expected_hash=\(bad)"))
                expectError(answer, 400, "invalid_request_error", "invalid_value", param: "expected_hash")
            }
        }
    }

    @Test("without one, the steps are held against the leaf, whatever policy is in force")
    func content() async throws {
        let (good, changed, retired, open) = (log.add(policy: "policy-0"), log.add(), log.add(), log.open())
        log.change(changed) { $0?.steps[0].json = Array("{}".utf8) }
        log.retire(retired)
        try await TestServer.run(options()) { server in
            let cases: [(TraceID, Bool, String, Int)] = [
                (good, true, "content_verified", 1), (changed, false, "content_mismatch", 1),
                (retired, false, "retired", 0), (open, false, "not_in_log", 1),
            ]
            for (id, isValid, reason, steps) in cases {
                let answer = try await server.ask(get("verify/\(id)"))
                #expect(answer[["valid"]] == .bool(isValid))
                #expect(answer[["reason"]] == .string(reason))
                #expect(answer[["expected_hash"]] == .null)
                #expect(answer[["steps"]] == .integer(steps))
            }
        }
    }

    @Test("a log that cannot be read is a 503")
    func broken() async throws {
        let id = log.add()
        log.breakDown()
        try await TestServer.run(options()) { server in
            for path in ["events", "trace/\(id)", "verify/\(id)"] {
                let answer = try await server.ask(get(path))
                expectError(answer, 503, "service_unavailable", "receipts_unavailable")
            }
        }
    }

    @Test("answers have what their schemas require")
    func schemas() async throws {
        let id = log.add()
        try await TestServer.run(options()) { server in
            let document = try await server.ask(.get("/openapi.json", token: nil))
            for (path, request) in [
                ("/v1/trust/events", get("events")), ("/v1/trust/trace/{id}", get("trace/\(id)")),
                ("/v1/trust/verify/{id}", get("verify/\(id)")),
            ] {
                let operation = document[["paths", path, "get"]]
                #expect(operation?.objectValue?["security"] == [["operator": []]])
                let schema = ["responses", "200", "content", "application/json", "schema"]
                    .reduce(operation) { $0?.objectValue?[$1] }
                let answer = try await server.ask(request)
                let faults = Schema.faults(try #require(answer.json), try #require(schema), "answer")
                #expect(faults.isEmpty, "\(path): \(faults)")
            }
        }
    }
}
