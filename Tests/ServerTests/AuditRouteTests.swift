import OrchCore
import OrchOrchestrator
import OrchReceipts
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("The log over HTTP")
struct AuditRouteTests {
    private let log = MemoryLog()

    private func options(isPublic: Bool = false) -> TestServer.Options {
        var options = TestServer.Options()
        options.log = log
        options.isAuditPublic = isPublic
        return options
    }

    private func proof(_ id: TraceID, token: String? = TestServer.token) -> RawRequest {
        .get("/v1/audit/proof/\(id)", token: token)
    }

    private func tile(_ path: String, token: String? = TestServer.token) -> RawRequest {
        .get("/v1/audit/tile/\(path)", token: token)
    }

    @Test("the checkpoint is a signed note, and not kept")
    func checkpoint() async throws {
        for _ in 0..<3 { log.add() }
        try await TestServer.run(options()) { [log] server in
            let answer = try await server.ask(.get("/v1/audit/checkpoint"))
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "text/plain; charset=utf-8")
            #expect(answer["cache-control"] == "no-cache")
            let checkpoint = try SignedCheckpoint(parsing: answer.text)
            #expect(throws: Never.self) { try checkpoint.verify(log.key.verifier) }
            #expect(checkpoint.checkpoint.size == 3)
            #expect(answer.text == (try await log.checkpoint()?.text))
        }
    }

    @Test("a proof verifies with nothing but the leaf and the key")
    func proofs() async throws {
        let ids = (0..<5).map { _ in log.add() }
        let (other, open) = (log.add(caller: "other"), log.open())
        try await TestServer.run(options()) { [log] server in
            for (index, id) in ids.enumerated() {
                let answer = try await server.ask(proof(id))
                #expect(answer.status == 200)
                #expect(answer["content-type"] == "text/plain; charset=utf-8")
                let file = try InclusionProofFile(parsing: answer.text)
                #expect(file.index == index)
                #expect(throws: Never.self) { try file.verify(log.leafHash(index), key: log.key.verifier) }
                #expect(answer.text == file.text)
            }
            for request in [proof(other), proof(open), .get("/v1/audit/proof/nobody")] {
                expectError(try await server.ask(request), 404, "invalid_request_error", "not_found")
            }
            try await server.expect(200, for: proof(other, token: TestServer.operatorToken))
            try await server.expect(401, for: proof(ids[0], token: nil))
            try await server.expect(401, for: proof(ids[0], token: "wrong"))
        }
    }

    @Test("a consistency proof has exactly this answer")
    func consistency() async throws {
        for _ in 0..<3 { log.add() }
        let hashes = (0..<3).map(log.leafHash)
        let pair = MerkleHash.node(hashes[0], hashes[1])
        let root = MerkleHash.node(pair, hashes[2])
        try await TestServer.run(options()) { server in
            let expected = #"{"from":2,"to":3,"from_root":"\#(pair)","to_root":"\#(root)","proof":["\#(hashes[2])"]}"#
            #expect(try await server.ask(.get("/v1/audit/consistency?from=2&to=3")).text == expected)
            #expect(try await server.ask(.get("/v1/audit/consistency?from=2")).text == expected)
            let same = try await server.ask(.get("/v1/audit/consistency?from=2&to=2"))
            #expect(same.text == #"{"from":2,"to":2,"from_root":"\#(pair)","to_root":"\#(pair)","proof":[]}"#)
        }
    }

    @Test("sizes that the log has not, or that are none, are refused by name")
    func badSizes() async throws {
        for _ in 0..<3 { log.add() }
        try await TestServer.run(options()) { server in
            let cases = [
                ("", "missing_required_parameter", "from"), ("?to=2", "missing_required_parameter", "from"),
                ("?from=0", "invalid_value", "from"), ("?from=-1", "invalid_value", "from"),
                ("?from=", "invalid_value", "from"), ("?from=1x", "invalid_value", "from"),
                ("?from=%2B1", "invalid_value", "from"), ("?from=01", "invalid_value", "from"),
                ("?from=99999999999999999999", "invalid_value", "from"), ("?from=4", "invalid_value", "from"),
                ("?from=3&to=2", "invalid_value", "from"), ("?from=1&to=4", "invalid_value", "to"),
                ("?from=1&to=0", "invalid_value", "to"), ("?from=1&to=", "invalid_value", "to"),
                ("?from=1&to=x", "invalid_value", "to"), ("?from=9223372036854775807", "invalid_value", "from"),
            ]
            for (query, code, parameter) in cases {
                let answer = try await server.ask(.get("/v1/audit/consistency\(query)"))
                expectError(answer, 400, "invalid_request_error", code, param: parameter)
            }
        }
    }

    @Test("of an empty log there is a checkpoint, and nothing else")
    func emptyLog() async throws {
        try await TestServer.run(options()) { server in
            let answer = try await server.ask(.get("/v1/audit/checkpoint"))
            #expect(try SignedCheckpoint(parsing: answer.text).checkpoint.root == .emptyRoot)
            try await server.expect(400, for: .get("/v1/audit/consistency?from=1"))
            try await server.expect(404, for: tile("0/000"))
            try await server.expect(404, for: tile("0/000.p/1"))
        }
    }

    @Test("tiles are the hashes side by side; full ones may be kept for ever")
    func tiles() async throws {
        for _ in 0..<258 { log.add() }
        try await TestServer.run(options()) { [log] server in
            let full = try await server.ask(tile("0/000"))
            #expect(full.status == 200)
            #expect(full["content-type"] == "application/octet-stream")
            #expect(full["cache-control"] == "max-age=31536000, immutable")
            #expect(full.body == (0..<256).map(log.leafHash).joinedBytes)
            let part = try await server.ask(tile("0/001.p/2"))
            #expect(part["cache-control"] == "max-age=60")
            #expect(part.body == (256..<258).map(log.leafHash).joinedBytes)
            #expect(try await server.ask(tile("0/000.p/3")).body == (0..<3).map(log.leafHash).joinedBytes)
            let above = try await server.ask(tile("1/000.p/1"))
            #expect(above.body == Tile.root(of: (0..<256).map(log.leafHash)[...]).bytes)
            // An escaped path is the same one.
            try await server.expect(200, for: tile("0/001%2Ep/2"))
        }
    }

    @Test(
        "a tile that is not there, or not named as tiles are, is unknown",
        arguments: [
            "0/001", "0/000.p/4", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p", "0/0", "0/00", "0/0000",
            "0/x000/000",
            "0/x001/067", "64/000", "-1/000", "00/000", "+0/000", "data/000", "entries", "0/000/", "0/000/p/1", "x/y/z",
            "0/999", "7/000", "0/x999/x999/x999/x999/x999/x999/x999/999",
        ])
    func unknownTiles(_ path: String) async throws {
        for _ in 0..<3 { log.add() }
        try await TestServer.run(options()) { server in
            let answer = try await server.ask(tile(path, token: TestServer.operatorToken))
            #expect(answer.status == 404)
            #expect(answer["cache-control"] == nil)
        }
    }

    @Test("the leaves themselves are for operators, also where the log is public", arguments: [false, true])
    func entries(isPublic: Bool) async throws {
        for _ in 0..<2 { log.add() }
        try await TestServer.run(options(isPublic: isPublic)) { [log] server in
            for path in ["entries/000.p/2", "entries/000"] {
                let refused = try await server.ask(tile(path))
                expectError(refused, 403, "permission_error", "operator_required")
            }
            for token in [nil, "wrong"] {
                try await server.expect(isPublic ? 403 : 401, for: tile("entries/000.p/2", token: token))
            }
            let answer = try await server.ask(tile("entries/000.p/2", token: TestServer.operatorToken))
            #expect(answer.status == 200)
            let length = Int(answer.body[0]) << 8 | Int(answer.body[1])
            #expect(MerkleHash.leaf(Array(answer.body[2..<2 + length])) == log.leafHash(0))
            try await server.expect(404, for: tile("entries/000", token: TestServer.operatorToken))
        }
    }

    @Test("with ORCH_AUDIT_PUBLIC=1 anybody reads the log, and only the verdict wants a token")
    func publicLog() async throws {
        let (own, other) = (log.add(), log.add(caller: "other"))
        try await TestServer.run(options(isPublic: true)) { server in
            for token in [nil, "wrong", TestServer.token, TestServer.operatorToken] {
                for request in [
                    RawRequest.get("/v1/audit/checkpoint", token: token), proof(own, token: token),
                    proof(other, token: token), .get("/v1/audit/consistency?from=1", token: token),
                    tile("0/000.p/2", token: token),
                ] {
                    try await server.expect(200, for: request)
                }
            }
            #expect(Set(server.observed.map(\.caller)) == ["anonymous", "tester", "boss"])
            var request = RawRequest.post("/v1/audit/verify", #"{"trace_id":"\#(own)"}"#)
            try await server.expect(200, for: request)
            request.token = nil
            expectError(try await server.ask(request), 401, "authentication_error", "missing_token")
        }
    }

    @Test("tokens cannot be tried without end on a public route, and who has none is not touched by it")
    func wrongTokens() async throws {
        log.add()
        try await TestServer.run(options(isPublic: true)) { server in
            // One comes back every three seconds, and a busy machine may take as long.
            var (asked, refused) = (1, try await server.ask(.get("/v1/audit/checkpoint", token: "wrong")))
            while refused.status == 200, asked < 20 * LoginFailures.allowance.limit {
                refused = try await server.ask(.get("/v1/audit/checkpoint", token: "wrong"))
                asked += 1
            }
            #expect(asked > LoginFailures.allowance.limit)
            expectError(refused, 429, "rate_limit_error", "too_many_failed_logins")
            try await server.expect(200, for: .get("/v1/audit/checkpoint", token: nil))
            try await server.expect(200, for: .get("/v1/audit/checkpoint"))
            #expect(server.failures.drain() == asked)
        }
    }

    @Test("public routes are limited by address, those with a token by its name")
    func rateLimit() async throws {
        log.add()
        var options = options(isPublic: true)
        options.rules = [.init(limit: 3, period: .seconds(3600))]
        try await TestServer.run(options) { server in
            for token in [nil, TestServer.token] {
                for _ in 0..<3 { try await server.expect(200, for: .get("/v1/audit/checkpoint", token: token)) }
                let refused = try await server.ask(.get("/v1/audit/checkpoint", token: token))
                expectError(refused, 429, "rate_limit_error", "rate_limit_exceeded")
                #expect(refused["x-ratelimit-limit-requests"] == "3")
            }
        }
    }

    private static let all: [RawRequest] = [
        .post("/v1/audit/verify", #"{"trace_id":"018bcfe5-6800-7000-8000-000000000000"}"#),
        .get("/v1/audit/checkpoint"),
        .get("/v1/audit/proof/018bcfe5-6800-7000-8000-000000000000"), .get("/v1/audit/consistency?from=1"),
        .get("/v1/audit/tile/0/000"),
    ]

    @Test("where receipts are off, every route says so, to those who may ask")
    func disabled() async throws {
        var options = TestServer.Options()
        options.log = nil
        try await TestServer.run(options) { server in
            for var request in Self.all {
                expectError(try await server.ask(request), 503, "service_unavailable", "receipts_disabled")
                request.token = nil
                try await server.expect(401, for: request)
            }
        }
        options.isAuditPublic = true
        try await TestServer.run(options) { server in
            for var request in Self.all.dropFirst() {
                request.token = nil
                expectError(try await server.ask(request), 503, "service_unavailable", "receipts_disabled")
            }
        }
    }

    @Test("a log that cannot be read is a 503, and says nothing of a cause")
    func broken() async throws {
        log.add()
        log.breakDown()
        try await TestServer.run(options()) { server in
            for request in Self.all {
                let answer = try await server.ask(request)
                expectError(answer, 503, "service_unavailable", "receipts_unavailable")
                #expect(answer["retry-after"] == "1")
            }
        }
    }

    @Test("answers have what their schemas require, and operations tell their queries")
    func openAPI() async throws {
        let id = log.add()
        try await TestServer.run(options()) { server in
            let document = try await server.ask(.get("/openapi.json", token: nil))
            func operation(_ path: String, _ method: String) -> JSONObject? {
                document[["paths", path, method]]?.objectValue
            }
            for (path, method, request) in [
                ("/v1/audit/verify", "post", RawRequest.post("/v1/audit/verify", #"{"trace_id":"\#(id)"}"#)),
                ("/v1/audit/consistency", "get", .get("/v1/audit/consistency?from=1")),
            ] {
                let schema = ["responses", "200", "content", "application/json", "schema"]
                    .reduce(operation(path, method).map(JSONValue.object)) { $0?.objectValue?[$1] }
                let answer = try await server.ask(request)
                let faults = Schema.faults(try #require(answer.json), try #require(schema), "answer")
                #expect(faults.isEmpty, "\(path): \(faults)")
            }
            let parameters = operation("/v1/audit/consistency", "get")?["parameters"]?.arrayValue ?? []
            #expect(parameters.map { $0.objectValue?["name"] } == ["from", "to"])
            #expect(parameters.map { $0.objectValue?["in"] } == ["query", "query"])
            #expect(parameters.map { $0.objectValue?["required"] } == [true, false])
            let media = operation("/v1/audit/tile/{level}/{index}", "get")?["responses"]?.objectValue?["200"]?
                .objectValue?["content"]?.objectValue?.keys
            #expect(media == ["application/octet-stream"])
        }
    }
}
