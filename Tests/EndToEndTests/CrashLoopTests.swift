import Foundation
import Testing

extension EndToEnd {
    /// The server is killed under load, again and again, on one instance folder. What it had answered must be there.
    ///
    /// Each round: 8 connections of tool calls, chats and streams for up to 0.3 s after the first answer, then SIGKILL,
    /// then the loss of everything unsynced, then a new start, then the check of the database (Tests/Clients/load.py).
    /// At the end the whole log is checked with `orch audit fsck`, against a tree head that was given out.
    /// ORCH_TEST_CRASH_ROUNDS is the number of rounds that lose what was unsynced (200; the long mode is 2000): six
    /// tenths lose all of it, four tenths keep some by chance. Two tenths as many lose nothing but the process.
    @Suite(
        .enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)),
        .enabled(if: RealPart.compiler.isExpected, Comment(rawValue: RealPart.compiler.rawValue)))
    struct CrashLoopTests {
        private static let rounds = Surroundings.environment["ORCH_TEST_CRASH_ROUNDS"].flatMap { Int($0) } ?? 200

        @Test func `Nothing that was answered is lost by kill -9`() async throws {
            try await withBench { bench in
                let rounds = max(1, Self.rounds * 2 / 10)
                let loop = try await CrashLoop(bench)
                let result = try await loop.run(rounds: rounds)
                result.expectNothingLost(rounds: rounds)
            }
        }

        @Test(arguments: [(false, 6), (true, 4)])
        func `Nothing that was answered is lost by kill -9 and the loss of all unsynced writes`(
            mixes: Bool, tenths: Int
        ) async throws {
            try await withBench { bench in
                let rounds = max(1, Self.rounds * tenths / 10)
                let loop = try await CrashLoop(bench, withShim: true, mixes: mixes)
                // Slower syncs make more room for an answer that does not wait for them.
                try loop.shim?.set(.fsyncDelayMicroseconds, 2000)
                let result = try await loop.run(rounds: rounds)
                result.expectNothingLost(rounds: rounds)
                #expect(try loop.shim?.value(.unmodelled) == 0)
            }
        }

        @Test func `The check goes red where syncs do nothing, as with synchronous=OFF`() async throws {
            try await withBench { bench in
                let loop = try await CrashLoop(bench, withShim: true)
                // A first round with real syncs, so that there is a database to lose from.
                let before = try await loop.run(rounds: 1)
                before.expectNothingLost(rounds: 1)
                try loop.shim?.set(.flags, CrashShim.pretendsToSync)
                let after = try await loop.run(rounds: 4)
                #expect(after.lost.count > after.whole / 2, "\(after)")
            }
        }

        @Test func `The check goes red for an answer without a trace, and a kill leaves streams to close`() async throws
        {
            try await withBench { bench in
                let loop = try await CrashLoop(bench)
                try await loop.claim("00000000-0000-7000-8000-000000000000")
                var result = CrashLoop.Result()
                for _ in 0..<10 where result.died == 0 { result.add(try await loop.run(rounds: 1)) }
                #expect(Set(result.lost) == ["chat 00000000-0000-7000-8000-000000000000: missing"])
                #expect(result.died > 0, "no stream was cut off by a kill: \(result)")
            }
        }
    }
}

/// Starts, loads, kills, and checks.
struct CrashLoop {
    struct Result {
        /// Answers that were read to their end, and streams of which a part was.
        var (whole, part) = (0, 0)
        /// Traces that the start after a kill closed.
        var died = 0
        /// What was answered and is not kept as it must be.
        var lost: [String] = []
        /// Anything else that is not as it should be.
        var faults: [String] = []

        mutating func add(_ other: Result) {
            whole += other.whole
            part += other.part
            died = other.died
            lost += other.lost
            faults += other.faults
        }

        func expectNothingLost(rounds: Int) {
            #expect(lost.isEmpty, "\(lost.count) of \(whole + part): \(lost.prefix(5))")
            #expect(faults.isEmpty, "\(faults.prefix(5))")
            #expect(whole >= rounds, "too little load to show anything: \(self)")
            #expect(part > 0 || rounds < 10, "no stream was cut off: \(self)")
        }
    }

    let bench: Bench
    let shim: CrashShim?
    private let mixes: Bool
    private let upstream: Upstream
    private let load: ChildProcess

    init(_ bench: Bench, withShim: Bool = false, mixes: Bool = false) async throws {
        self.bench = bench
        self.mixes = mixes
        shim = withShim ? try await CrashShim(bench, data: try bench.folder("server-instance")) : nil
        upstream = try await bench.upstream()
        load = try bench.python("load.py", environment: ["ORCH_TOKEN": OrchServer.token])
    }

    func run(rounds: Int) async throws -> Result {
        var result = Result()
        var server = try await start()
        for round in 1...rounds {
            try load.write(line: JSON.text(["load": server.port]))
            result.faults += try await answer()["answering"].bool == true ? [] : ["round \(round): no answer"]
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...300)))
            try await server.process.killHard()
            let said = try await answer()
            result.whole += said["whole"].int ?? 0
            result.part += said["part"].int ?? 0
            result.faults += said["surprises"].elements.map { "round \(round): \($0.string ?? "?")" }
            if let shim {
                try await shim.losePower(bench, mixSeed: mixes ? UInt64.random(in: 0..<1 << 60) : nil)
            }
            // A start repairs; what it left is looked at while it runs.
            server = try await start()
            try await check(server, all: round == rounds, &result)
        }
        try await server.process.killHard()
        if let shim { try await shim.losePower(bench) }
        return result
    }

    /// Makes the check look for a trace that never was.
    func claim(_ trace: String) async throws {
        try load.write(line: JSON.text(["claim": trace]))
        _ = try await answer()
    }

    private func check(_ server: OrchServer, all: Bool, _ result: inout Result) async throws {
        try load.write(
            line: JSON.text(["check": server.database.path, "integrity": true, "all": all]))
        let found = try await answer()
        for problem in found["lost"].elements.map({ $0.string ?? "?" }) where !result.lost.contains(problem) {
            result.lost.append(problem)
        }
        if let verdict = found["integrity"].string, verdict != "ok" { result.faults.append("integrity: \(verdict)") }
        if let open = found["open"].int, open > 0 { result.faults.append("\(open) traces are still open") }
        result.died = found["counts"]["process_died"].int ?? 0
        guard all, let checkpoint = found["checkpoint"].string else { return }
        // What was given out last must be the beginning of the log as it is, and the log whole.
        let anchor = bench.folder.appending(path: "anchor.txt")
        try Data(checkpoint.utf8).write(to: anchor)
        let fsck = try await bench.orch(
            ["audit", "fsck", "--database", server.database.path, "--since", anchor.path])
        if fsck.end != .code(0) { result.faults.append("fsck: \(fsck.output.suffix(1000))") }
    }

    private func start() async throws -> OrchServer {
        try await bench.server(
            // Started hundreds of times: without vocabularies, which a debug build takes a while to read.
            (shim?.settings ?? [:]).merging(
                ["ORCH_LOG_LEVEL": "NOTICE", "ORCH_TOKENIZER_DIR": bench.folder.path]
            ) { $1 }, upstream: upstream)
    }

    private func answer() async throws -> JSON { try JSON(parsing: try await load.readLine().utf8) }
}
