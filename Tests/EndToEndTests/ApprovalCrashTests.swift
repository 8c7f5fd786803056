import Foundation
import Testing

extension EndToEnd {
    /// The server is killed while approved tools run. Each run's end is known, or reported as unknown, and none is repeated.
    ///
    /// ORCH_TEST_APPROVAL_ROUNDS is the number of kills (24; the long mode is 200), ORCH_TEST_RACE_ROUNDS that of the races
    /// of 64 claims (12; the long mode is 1000).
    @Suite struct ApprovalCrashTests {
        private static let rounds = Surroundings.environment["ORCH_TEST_APPROVAL_ROUNDS"].flatMap { Int($0) } ?? 24
        private static let races = Surroundings.environment["ORCH_TEST_RACE_ROUNDS"].flatMap { Int($0) } ?? 12

        @Test func `A run that kill -9 ended is unknown, never run again, and none is lost`() async throws {
            try await withBench { bench in
                var governed = try await Governed.start(bench)
                var reviews: [String: String] = [:]
                var approvals: [String: String] = [:]
                for round in 0..<Self.rounds {
                    let (first, second) = ("review-\(round)", "token-\(round)")
                    reviews[first] = try await governed.queue(first, waiting: 4000)
                    approvals[second] = try await governed.approval(second, waiting: 4000)
                    try await runAndKill(bench, governed, reviews[first] ?? "", approvals[second] ?? "", round)
                    governed = try await Governed.start(bench)
                    try await check(bench, governed, first, reviews[first] ?? "")
                    let status = try await governed.ann.send(
                        "POST", "/v1/tools/execute", Governed.call(second, 4000, approval: approvals[second]))
                    #expect(status.json["result"]["approval_reason"].string == "already_consumed")
                }
                // At the end, all of them again: states stay, and nothing was run twice.
                for (text, id) in reviews { try await check(bench, governed, text, id) }
                let counts = Dictionary(bench.marks.map { ($0, 1) }, uniquingKeysWith: +)
                #expect(counts.values.allSatisfy { $0 == 1 }, "run twice: \(counts.filter { $0.value > 1 })")
                #expect(counts.count == Self.rounds * 2, "each had begun: \(counts.count)")
                try await governed.server.process.killHard()
            }
        }

        /// Starts both runs, waits until the tools have left their marks, and kills the server.
        private func runAndKill(
            _ bench: Bench, _ governed: Governed, _ review: String, _ approval: String, _ round: Int
        ) async throws {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { _ = try? await governed.op.send("POST", "/v1/hitl/\(review)/approve", [:]) }
                tasks.addTask {
                    _ = try? await governed.ann.send(
                        "POST", "/v1/tools/execute", Governed.call("token-\(round)", 4000, approval: approval))
                }
                tasks.addTask {
                    try? await eventually("both tools run") { bench.marks.count == 2 * (round + 1) }
                    try? await governed.server.process.killHard()
                }
            }
        }

        private func check(_ bench: Bench, _ governed: Governed, _ text: String, _ id: String) async throws {
            let item = try await governed.item(id)
            #expect(item["status"].string == "unknown", "\(text)")
            #expect(item["args"].isNull && item["result"].isNull)
            for verb in ["approve", "deny"] {
                let again = try await governed.op.send("POST", "/v1/hitl/\(id)/\(verb)", [:])
                #expect(again.status == 409 && again.errorCode == "review_not_pending")
            }
        }

        @Test func `Killed at any moment of a decision, what is kept agrees with what ran`() async throws {
            try await withBench { bench in
                var governed = try await Governed.start(bench)
                var seen: [String: Int] = [:]
                for round in 0..<Self.rounds {
                    let text = "any-\(round)"
                    let id = try await governed.queue(text)
                    let (server, op) = (governed.server, governed.op)
                    let answered = await withTaskGroup(of: Bool.self) { tasks in
                        tasks.addTask {
                            let answer = try? await op.send("POST", "/v1/hitl/\(id)/approve", [:])
                            return answer?.json["status"].string == "executed"
                        }
                        tasks.addTask {
                            try? await Task.sleep(for: .microseconds(Int.random(in: 0...25_000)))
                            try? await server.process.killHard()
                            return false
                        }
                        return await tasks.reduce(false) { $0 || $1 }
                    }
                    governed = try await Governed.start(bench)
                    let status = try await governed.item(id)["status"].string ?? "lost"
                    seen[status, default: 0] += 1
                    let runs = bench.marks.count { $0 == text }
                    switch status {
                    case "pending": #expect(runs == 0 && !answered)
                    case "unknown": #expect(runs <= 1 && !answered)
                    case "executed": #expect(runs == 1)
                    default: Issue.record("\(text) is \(status)")
                    }
                }
                print("killed at any moment: \(seen)")
                try await governed.server.process.killHard()
            }
        }

        @Test func `Of 64 claims at once in two processes on one file exactly one wins`() async throws {
            try await withBench { bench in
                let shared = bench.folder.appending(path: "shared.db").path
                let settings = [
                    "ORCH_TOOL_APPROVAL_DB_PATH": shared, "ORCH_INTENT_HITL_DB_PATH": shared,
                    "ORCH_SECRET_KEY_PATH": bench.folder.appending(path: "shared.key").path,
                ]
                let one = try await Governed.start(bench, settings, name: "one")
                let two = try await Governed.start(bench, settings, name: "two")
                for round in 0..<Self.races {
                    let text = "race-\(round)"
                    let id = try await one.approval(text)
                    let won = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                        for place in 0..<64 {
                            let client = (place.isMultiple(of: 2) ? one : two).client(place % 4 < 2 ? "ann" : "ben")
                            tasks.addTask {
                                let answer = try await client.send(
                                    "POST", "/v1/tools/execute", Governed.call(text, approval: id))
                                let result = answer.json["result"]
                                if result["status"].string == "ok" { return true }
                                #expect(result["approval_reason"].string == "already_consumed", "\(answer.text)")
                                return false
                            }
                        }
                        return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
                    }
                    #expect(won == 1)
                }
                #expect(bench.marks == (0..<Self.races).map { "race-\($0)" })
                // A review that one process queued is decided in the other.
                let review = try await one.queue("across")
                let item = try await two.op.send("POST", "/v1/hitl/\(review)/approve", [:])
                #expect(item.json["status"].string == "executed" && bench.marks.last == "across")
            }
        }
    }
}
