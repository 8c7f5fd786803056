import Foundation
import Testing

extension EndToEnd {
    @Suite struct GovernanceTests {
        @Test func `A tool in Swift waits, is approved by HTTP and by the command line, and keeps its result`()
            async throws
        {
            try await withBench { bench in
                let governed = try await Governed.start(bench)
                let listed = try await governed.ann.send("GET", "/v1/tools").json["tools"].elements
                let builtIn = ["echo", "safe_calc", "orch_tokenizer", "summarize_text", "python_eval", "python_exec"]
                #expect(listed.map { $0["name"].string } == builtIn + ["mark", "slow", "leak", "hog"])

                let first = try await governed.queue("one")
                let item = try await governed.op.send("POST", "/v1/hitl/\(first)/approve", ["note": "fine"])
                #expect(
                    item.json["result"]["result"].string == "marked one" && item.json["status"].string == "executed")

                let settings = Governed.settings(bench)
                let second = try await governed.queue("two")
                let list = try await bench.orch(
                    ["hitl", "list", "--status", "pending"], settings, program: Surroundings.programWithTools)
                #expect(list.end == .code(0) && list.output.contains(second) && !list.output.contains(first))
                let shown = try await bench.orch(
                    ["hitl", "show", second, "--json"], settings, program: Surroundings.programWithTools)
                #expect(try JSON(parsing: shown.output.utf8)["args"]["text"].string == "two")
                let approved = try await bench.orch(
                    ["hitl", "approve", second, "--note", "by hand", "--json"], settings,
                    program: Surroundings.programWithTools)
                let result = try JSON(parsing: approved.output.utf8)
                #expect(approved.end == .code(0) && result["reviewer"].string == "command_line")
                #expect(try await governed.item(second)["result"]["result"].string == "marked two")
                let third = try await governed.queue("three")
                let denied = try await bench.orch(
                    ["hitl", "deny", third], settings, program: Surroundings.programWithTools)
                #expect(denied.end == .code(0))
                let late = try await bench.orch(
                    ["hitl", "approve", third], settings, program: Surroundings.programWithTools)
                #expect(late.end == .code(1) && late.output.contains("the review is denied: nothing is left to decide"))
                #expect(bench.marks == ["one", "two"])
            }
        }

        @Test func `Limits and failures of a tool are its own words`() async throws {
            try await withBench { bench in
                let governed = try await Governed.start(bench)
                for (tool, expected) in [
                    ("slow", #"{"error":"timeout","status":"error","tool":"slow"}"#),
                    (
                        "leak",
                        #"{"code":"upstream_down","error":"tool_failed","message":"the service is down; ask [REDACTED]","status":"error","tool":"leak"}"#
                    ),
                ] {
                    let call: [String: Any] = ["name": tool, "args": [String: Any]()]
                    let id = try await governed.op.send("POST", "/v1/tools/approve", call).json["approval_id"].string
                    let answer = try await governed.ann.send(
                        "POST", "/v1/tools/execute", call.merging(["approval_token": id ?? ""]) { $1 })
                    let result = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
                    #expect(JSON.text(result?["result"] ?? "") == expected)
                }
            }
        }

        @Test func `Tools that keep their threads keep no request waiting`() async throws {
            try await withBench { bench in
                let governed = try await Governed.start(bench)
                try await withThrowingTaskGroup(of: String?.self) { tasks in
                    for _ in 0..<8 {
                        tasks.addTask {
                            try await governed.ann.send("POST", "/v1/tools/execute", ["name": "hog"])
                                .json["result"]["result"].string
                        }
                    }
                    try await eventually("all of them block") { bench.marks.count == 8 }
                    #expect(try await governed.ann.send("GET", "/health").status == 200)
                    try Data().write(to: bench.folder.appending(path: "marks.go"))
                    for try await result in tasks { #expect(result == "went on") }
                }
            }
        }

        @Test func `A server that starts leaves open what may be a running command's, and closes it when none runs`()
            async throws
        {
            try await withBench { bench in
                let dead = try await Governed.start(bench)
                let approval = try await dead.approval("one", waiting: 5000)
                let cut = Task {
                    _ = try? await dead.ann.send(
                        "POST", "/v1/tools/execute", Governed.call("one", 5000, approval: approval))
                }
                try await eventually("the tool runs") { bench.marks == ["one"] }
                try await dead.server.process.killHard()
                await cut.value
                // As a command does that makes receipts.
                let lock = open(
                    dead.server.instance.appending(path: "commands.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
                try #require(lock >= 0 && flock(lock, LOCK_SH) == 0)
                let governed = try await Governed.start(
                    bench, ["ORCH_INSTANCE_DIR": dead.server.instance.path], name: "second")
                try await Task.sleep(for: .seconds(3))
                #expect(!bench.text(of: "second.log").contains("that a dead process left open"))
                close(lock)
                try await eventually("they are closed") {
                    bench.text(of: "second.log").contains("that a dead process left open")
                }
                #expect(try await governed.ann.send("GET", "/health").status == 200)
            }
        }

        @Test func `Stored requests, notes and results are unreadable in the files, and no log or receipt has them`()
            async throws
        {
            try await withBench { bench in
                let governed = try await Governed.start(bench, ["ORCH_LOG_LEVEL": "TRACE"])
                let canaries = (0..<20).map { "canary-\($0)-" + String(UInt64.random(in: .min ... .max), radix: 36) }
                for (number, canary) in canaries.enumerated() {
                    let id = try await governed.queue(canary)
                    guard number.isMultiple(of: 2) else { continue }
                    _ = try await governed.op.send("POST", "/v1/hitl/\(id)/approve", ["note": "note \(canary)"])
                }
                #expect(bench.marks.count == 10)
                let files = bench.databaseBytes(governed.server.instance) + Data(bench.text(of: "server.log").utf8)
                #expect(files.count > 100_000)
                for canary in canaries {
                    for form in [Data(canary.utf8), Data(Data(canary.utf8).base64EncodedString().utf8)] {
                        #expect(files.range(of: form) == nil, "\(canary)")
                    }
                }
            }
        }

        @Test func `Production without operators runs no unsafe tool`() async throws {
            try await withBench { bench in
                let strong = "Q7v-Zk2xW9_rT4mB8nL1pC6dF3g"
                let governed = try await Governed.start(
                    bench,
                    [
                        "ORCH_ENV": "production", "ORCH_OPERATOR_TOKEN": "", "ORCH_BEARER_TOKEN": "ann:\(strong)",
                        "ORCH_RATE_LIMIT_ENABLED": "0", "ORCH_TOOL_POLICY_PATH": try bench.policy("allow"),
                    ])
                let client = HTTPClient(port: governed.server.port, token: strong)
                let answer = try await client.send("POST", "/v1/tools/execute", Governed.call("x"))
                let result = answer.json["result"]
                #expect(result["error"].string == "approval_required")
                #expect(result["approval_reason"].string == "missing_approval" && result["hitl_request_id"].isMissing)
                let safe = try await client.send(
                    "POST", "/v1/tools/execute", ["name": "safe_calc", "args": ["expression": "1 + 1"]])
                #expect(safe.json["result"]["result"].string == "2")
                #expect(bench.marks.isEmpty)
            }
        }

        @Test func `A database that is locked answers 503, and no tool runs`() async throws {
            try await withBench { bench in
                let shared = bench.folder.appending(path: "approvals.db").path
                let governed = try await Governed.start(
                    bench, ["ORCH_TOOL_APPROVAL_DB_PATH": shared, "ORCH_INTENT_HITL_DB_PATH": shared])
                let approval = try await governed.approval("locked")
                let short: [String: Any] = ["name": "mark", "args": ["text": "short"], "ttl_seconds": 1]
                #expect(try await governed.op.send("POST", "/v1/tools/approve", short).status == 200)
                let holder = try bench.python(
                    "lock.py", [shared])
                #expect(try await holder.readLine() == "locked")
                for call in [Governed.call("locked", approval: approval), Governed.call("locked")] {
                    let answer = try await governed.ann.send("POST", "/v1/tools/execute", call)
                    #expect(answer.status == 503 && answer.errorCode == "approvals_unavailable")
                    #expect(answer.headers["retry-after"] == "1")
                }
                #expect(bench.marks.isEmpty)
                let safe = try await governed.ann.send(
                    "POST", "/v1/tools/execute", ["name": "safe_calc", "args": ["expression": "1 + 1"]])
                #expect(safe.json["result"]["result"].string == "2", "what needs no approval goes on")
                try await eventually("what has expired cannot be ended, and /ready says so") {
                    try await governed.ann.send("GET", "/ready").json["reason"].string == "approvals"
                }
                try await holder.killHard()
                let answer = try await governed.ann.send(
                    "POST", "/v1/tools/execute", Governed.call("locked", approval: approval))
                #expect(answer.json["result"]["result"].string == "marked locked", "the approval was not used up")
            }
        }

        @Test func `A policy is changed under load, and no request is lost`() async throws {
            try await withBench { bench in
                let path = try bench.policy("allow")
                let governed = try await Governed.start(
                    bench, ["ORCH_TOOL_POLICY_PATH": path, "ORCH_TOOL_POLICY_ENFORCE": "1"])
                let hashes = try await load(governed) {
                    for version in ["deny", "broken", "allow", "broken"] {
                        try await Task.sleep(for: .milliseconds(300))
                        _ = try bench.policy(version)
                        try await eventually("\(version) is seen") {
                            bench.text(of: "server.log").components(separatedBy: "tool policy").count > 1
                                && bench.policyEvents(version)
                        }
                    }
                }
                #expect(hashes == ["allowed", "denied"], "both policies decided, nothing else: \(hashes)")
                let log = bench.text(of: "server.log")
                #expect(log.contains("policy.yaml:2:1: unknown key `rule`; did you mean `rules`?"))
                // The last good one stays.
                let answer = try await governed.ann.send(
                    "POST", "/v1/tools/execute", ["name": "echo", "args": ["message": "x"]])
                #expect(answer.json["result"]["status"].string == "ok")
                let metrics = try await governed.ann.send("GET", "/metrics").text
                #expect(metrics.contains(#"orch_policy_reload_total{file="tool_policy",outcome="refused"}"#))
                let trace = answer.json["receipt"]["trace_id"].string ?? ""
                let verdict = try await governed.ann.send("POST", "/v1/audit/verify", ["trace_id": trace]).json
                #expect(verdict["valid"].bool == true && verdict["policy_enforced"].bool == true)
                #expect(verdict["policy_path"].string == path)
                #expect(verdict["policy_hash_current"].string == verdict["policy_hash_trace"].string)
                _ = try bench.policy("deny")
                try await eventually("another policy") {
                    try await governed.ann.send("POST", "/v1/audit/verify", ["trace_id": trace]).json["reason"].string
                        == "policy_changed"
                }
            }
        }

        /// Calls from eight connections while the body runs; gives the outcomes that there were.
        private func load(_ governed: Governed, _ body: @escaping @Sendable () async throws -> Void) async throws
            -> Set<String>
        {
            try await withThrowingTaskGroup(of: Set<String>.self) { tasks in
                tasks.addTask {
                    try await body()
                    return []
                }
                for _ in 0..<8 {
                    tasks.addTask {
                        var seen: Set<String> = []
                        while !Task.isCancelled {
                            let answer = try await governed.ann.send(
                                "POST", "/v1/tools/execute", ["name": "echo", "args": ["message": "x"]])
                            guard answer.status == 200 else { throw TestFailure("lost: \(answer.text)") }
                            switch answer.json["result"]["error"].string {
                            case nil: seen.insert("allowed")
                            case "policy_denied:closed": seen.insert("denied")
                            case let other: seen.insert(other ?? "")
                            }
                        }
                        return seen
                    }
                }
                // The body ends first: the others go on until they are cancelled.
                var all = try await tasks.next() ?? []
                tasks.cancelAll()
                while let seen = try await tasks.next() { all.formUnion(seen) }
                return all
            }
        }

        @Test func `A webhook survives a dead, slow and lying receiver without holding a request`() async throws {
            try await withBench { bench in
                let secret = "webhook-" + "secret-for-tests"
                let receiver = try bench.python("webhook.py", environment: ["WEBHOOK_SECRET": secret])
                let port = try JSON(parsing: try await receiver.readLine().utf8)["port"].int ?? 0
                func mode(_ name: String) async throws {
                    try receiver.write(line: name)
                    _ = try await receiver.readLine()
                }
                func taken() async throws -> JSON { try await HTTPClient(port: port).send("GET", "/recorded").json }
                func failures(_ governed: Governed) async throws -> Int {
                    let text = try await governed.ann.send("GET", "/metrics").text
                    return text.firstMatch(of: /orch_webhook_deliveries_total\{outcome="failed"\} (\d+)/)
                        .flatMap { Int($0.1) } ?? 0
                }
                let governed = try await Governed.start(
                    bench, ["ORCH_WEBHOOK_URL": "http://127.0.0.1:\(port)/hook", "ORCH_WEBHOOK_SECRET": secret])
                var ids: [String] = []
                // The slow one holds its lane for ten seconds, and no request.
                for name in ["error", "redirect", "truncated", "garbage", "huge", "hang"] {
                    try await mode(name)
                    let before = try await taken()["asked"].int ?? 0
                    ids.append(try await governed.queue(name))
                    try await eventually("\(name) is asked") { try await taken()["asked"].int ?? 0 > before }
                }
                #expect(try await taken()["redirected"].int == 0, "redirects are not followed")
                #expect(try await taken()["taken"].elements.isEmpty)
                try await eventually("failures are counted") { try await failures(governed) >= 5 }
                try await mode("good")
                try await eventually(within: .seconds(60), "all are delivered") {
                    try await taken()["taken"].elements.count == 6
                }
                let events = try await taken()["taken"].elements
                #expect(Set(events.compactMap { $0["data"]["request_id"].string }) == Set(ids))
                #expect(events.allSatisfy { $0["signed"].bool == true && $0["type"].string == "review.pending" })

                // A dead one: nothing is lost, not even by kill -9.
                try await receiver.killHard()
                let dead = try await governed.queue("dead")
                _ = try await governed.op.send("POST", "/v1/hitl/\(dead)/deny", [:])
                try await governed.server.process.killHard()
                let again = try await Governed.start(
                    bench, ["ORCH_WEBHOOK_URL": "http://127.0.0.1:\(port)/hook", "ORCH_WEBHOOK_SECRET": secret])
                #expect(try await again.item(dead)["status"].string == "denied")
                let waiting = try await bench.sqlite(
                    again.server.database,
                    "SELECT json_extract(body_json, '$.type') FROM webhook_events ORDER BY event_id")
                #expect(waiting == ["review.pending", "review.denied"])
            }
        }

        @Test func `A webhook that the allow-list does not name is not connected to, and the receipt says so`()
            async throws
        {
            try await withBench { bench in
                let governed = try await Governed.start(
                    bench, ["ORCH_WEBHOOK_URL": "http://10.1.2.3:9/hook", "ORCH_WEBHOOK_SECRET": "s3cret-for-tests"])
                _ = try await governed.queue("x")
                try await eventually("a refused delivery is receipted") {
                    try await bench.sqlite(
                        governed.server.database,
                        "SELECT step_json FROM trace_steps WHERE step_type = 'egress' AND step_json LIKE '%egress_refused%'"
                    ).count == 1
                }
            }
        }
    }
}

extension Bench {
    /// Writes the policy file of a test: allow, deny, or broken.
    func policy(_ version: String) throws -> String {
        let rules =
            switch version {
            case "allow": "policy: {version: 1}\nrules: [{match: '.*', action: allow}]\n"
            case "deny": "policy: {version: 2}\nrules: [{match: '.*', action: deny, reason: closed}]\n"
            default: "policy: {version: 3}\nrule: []\n"
            }
        let path = folder.appending(path: "policy.yaml")
        try Data(rules.utf8).write(to: path, options: .atomic)
        return path.path
    }

    /// Whether the last word about the policy in the server's log is what a version leads to.
    func policyEvents(_ version: String) -> Bool {
        let last = text(of: "server.log").split(separator: "\n").last { $0.contains("tool policy re") }
        return last?.contains(version == "broken" ? "tool policy refused" : "tool policy reloaded") ?? false
    }

    /// A column of a database, read by Python's SQLite.
    func sqlite(_ database: URL, _ sql: String) async throws -> [String] {
        let reader = try python("query.py", [database.path, sql])
        return try JSON(parsing: try await reader.readLine().utf8).elements.compactMap(\.string)
    }
}

extension JSON {
    /// Whether there is nothing at all, not even null.
    var isMissing: Bool { string == nil && int == nil && bool == nil && !isNull && elements.isEmpty && keys.isEmpty }
}
