import OrchCore
import OrchOrchestrator
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Verifying a trace over HTTP")
struct AuditVerificationTests {
    private let log = MemoryLog()

    private func options(_ change: (inout TestServer.Options) -> Void = { _ in }) -> TestServer.Options {
        var options = TestServer.Options()
        options.log = log
        change(&options)
        return options
    }

    private func request(_ id: TraceID, token: String = TestServer.token) -> RawRequest {
        var request = RawRequest.post("/v1/audit/verify", #"{"trace_id":"\#(id)"}"#)
        request.token = token
        return request
    }

    @Test("a trace that is as it was has exactly this answer")
    func valid() async throws {
        let id = log.add()
        log.add(caller: "other")
        let checkpoint = try #require(try await log.checkpoint())
        let (one, other) = (log.leafHash(0), log.leafHash(1))
        try await TestServer.run(options()) { [log] server in
            let answer = try await server.ask(request(id))
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            let note = String(decoding: JSONValue.string(checkpoint.text).serialized, as: UTF8.self)
            #expect(
                answer.text == #"{"trace_id":"\#(id)","valid":true,"reason":"verified","#
                    + #""policy_hash_current":"policy-1","policy_hash_trace":"policy-1","#
                    + #""policy_path":"config/rules.yaml","policy_enforced":true,"policy_steps":1,"#
                    + #""log":{"leaf_index":0,"leaf_hash":"\#(one)","tree_size":2,"#
                    + #""root_hash":"\#(MerkleHash.node(one, other))","inclusion_proof":["\#(other)"],"#
                    + #""checkpoint":\#(note),"inclusion_verified":true,"content_verified":true}}"#)
            #expect(throws: Never.self) { try checkpoint.verify(log.key.verifier) }
        }
    }

    @Test("what was changed is told apart from what changed by right")
    func reasons() async throws {
        let changed = log.add()
        log.change(changed) { $0?.steps[0].json = Array(#"{"tool_policy":"policy-2"}"#.utf8) }
        let metadata = log.add()
        log.change(metadata) { $0?.metadata = Array(#"{"caller":"tester"}"#.utf8) }
        let (old, nameless, open, retired) = (log.add(policy: "policy-0"), log.add(policy: nil), log.open(), log.add())
        let gone = log.add()
        log.retire(retired)
        log.change(gone) { $0 = nil }
        try await TestServer.run(options()) { [log] server in
            let cases: [(TraceID, TraceVerdict.Reason, JSONValue)] = [
                (changed, .contentMismatch, false), (metadata, .contentMismatch, false),
                (gone, .contentMismatch, false),
                (old, .policyChanged, true), (nameless, .policyMissing, true), (retired, .retired, "retired"),
            ]
            for (id, reason, content) in cases {
                let answer = try await server.ask(request(id, token: TestServer.operatorToken))
                #expect(answer[["valid"]] == false)
                #expect(answer[["reason"]] == .string(reason.rawValue))
                #expect(answer[["log", "inclusion_verified"]] == true)
                #expect(answer[["log", "content_verified"]] == content)
            }
            let nowhere = try await server.ask(request(open))
            #expect(nowhere[["reason"]] == "not_in_log")
            #expect(nowhere[["log"]] == .null)
            #expect(log.stored(open) != nil)
        }
    }

    @Test("no policy in force is told, and its hash is null")
    func noPolicy() async throws {
        let id = log.add()
        let options = options { $0.policy = TraceVerdict.Policy(hash: nil, path: "", isEnforced: false) }
        try await TestServer.run(options) { server in
            let answer = try await server.ask(request(id))
            #expect(answer[["reason"]] == "policy_missing")
            #expect(answer[["policy_hash_current"]] == .null)
            #expect(answer[["policy_hash_trace"]] == "policy-1")
            #expect(answer[["policy_enforced"]] == false)
        }
    }

    @Test("a caller sees its own traces, an operator all; another's is as unknown as none")
    func ownership() async throws {
        let (own, other, retired, garbled) = (log.add(), log.add(caller: "Tester"), log.add(), log.add())
        log.retire(retired)
        log.change(garbled) { $0?.metadata = Array("{".utf8) }
        let unknown = TraceID(at: .distantPast, random: (7, 7))
        try await TestServer.run(options()) { server in
            try await server.expect(200, for: request(own))
            let refusal = try await server.ask(request(unknown))
            expectError(refusal, 404, "invalid_request_error", "not_found")
            for id in [other, retired, garbled] {
                let answer = try await server.ask(request(id))
                #expect((answer.status, answer.text) == (404, refusal.text))
            }
            for id in [own, other, retired, garbled] {
                try await server.expect(200, for: request(id, token: TestServer.operatorToken))
            }
            try await server.expect(404, for: request(unknown, token: TestServer.operatorToken))
        }
    }

    @Test("where no bearer is required, the anonymous see what the anonymous did")
    func anonymous() async throws {
        let (own, other) = (log.add(caller: "anonymous"), log.add())
        try await TestServer.run(options { $0.isBearerRequired = false }) { server in
            try await server.expect(200, for: request(own, token: "wrong"))
            try await server.expect(404, for: request(other, token: "wrong"))
            try await server.expect(200, for: request(other))
        }
    }

    @Test("a body that is not one is refused by name")
    func bodies() async throws {
        log.add()
        try await TestServer.run(options()) { server in
            let cases: [(String, String, String?)] = [
                ("", "invalid_json", nil), ("{", "invalid_json", nil),
                (#"{"trace_id":"a","trace_id":"b"}"#, "invalid_json", nil),
                ("[]", "invalid_type", "body"), ("null", "invalid_type", "body"),
                ("{}", "missing_required_parameter", "trace_id"), (#"{"trace_id":7}"#, "invalid_type", "trace_id"),
                (#"{"trace_id":null}"#, "invalid_type", "trace_id"), (#"{"trace_id":"x","y":1}"#, "invalid_value", nil),
            ]
            for (body, code, parameter) in cases {
                let answer = try await server.ask(.post("/v1/audit/verify", body))
                expectError(answer, 400, "invalid_request_error", code, param: parameter)
            }
            for id in ["", "x", "018BCFE5-6800-7000-8000-000000000000", "../../etc/passwd"] {
                let answer = try await server.ask(.post("/v1/audit/verify", #"{"trace_id":"\#(id)"}"#))
                expectError(answer, 404, "invalid_request_error", "not_found")
                #expect(!answer.text.contains("passwd"))
            }
        }
    }
}
