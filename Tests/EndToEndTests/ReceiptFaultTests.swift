import Foundation
import Testing

extension EndToEnd {
    /// A disk that fails: nothing may be answered that is not receipted, and the server must come back by itself.
    @Suite(
        .enabled(if: RealPart.python.isExpected, Comment(rawValue: RealPart.python.rawValue)),
        .enabled(if: RealPart.compiler.isExpected, Comment(rawValue: RealPart.compiler.rawValue)))
    struct ReceiptFaultTests {
        enum Fault: CaseIterable {
            case syncFails
            case writeFails
            case diskIsFull

            func set(_ isOn: Bool, _ shim: CrashShim) throws {
                switch self {
                case .syncFails:
                    try shim.set(.fsyncFail, isOn ? -1 : 0)
                case .writeFails:
                    try shim.set(.writeErrno, CrashShim.ioError)
                    try shim.set(.writeFail, isOn ? -1 : 0)
                case .diskIsFull:
                    try shim.set(.writeErrno, CrashShim.noSpace)
                    try shim.set(.writeFail, isOn ? -1 : 0)
                }
            }
        }

        @Test(arguments: Fault.allCases)
        func `While receipts cannot be written nothing is answered, and after that everything is again`(
            fault: Fault
        ) async throws {
            try await withBench { bench in
                let (server, shim) = try await Self.server(bench)
                #expect(try await server.chat("calc 6 * 7").status == 200)
                try fault.set(true, shim)
                for _ in 0..<3 { try await Self.expectNothingAnswered(server) }
                let ready = try await server.http.send("GET", "/ready")
                #expect(ready.status == 503)
                #expect(ready.json["status"].string == "unready")
                #expect(ready.json["reason"].string == "receipt_log")
                #expect(try await server.http.send("GET", "/health").status == 200)

                try fault.set(false, shim)
                try await eventually(within: .seconds(15), "an answer after the fault") {
                    try await server.chat("calc 6 * 7").status == 200
                }
                let answered = try await server.chat("Hello.")
                #expect(answered.status == 200)
                // The approvals' database finds out at its next sweep.
                try await eventually(within: .seconds(15), "ready again") {
                    try await server.http.send("GET", "/ready").status == 200
                }

                // What was answered after the fault is as durable as before it.
                try await server.process.killHard()
                try await shim.losePower(bench)
                let again = try await bench.server(shim.settings)
                let trace = try #require(answered.headers["x-orch-trace-id"])
                #expect(try await bench.hasTrace(trace, in: again))
                #expect(try shim.value(.unmodelled) == 0)
            }
        }

        /// A load balancer sends nothing to a server that says it is unready, so no request can be what wakes it.
        @Test(arguments: Fault.allCases)
        func `The server is ready again without a request once the fault is gone`(fault: Fault) async throws {
            try await withBench { bench in
                let (server, shim) = try await Self.server(bench)
                try fault.set(true, shim)
                #expect(try await server.chat("calc 6 * 7").status == 503)
                #expect(try await server.http.send("GET", "/ready").status == 503)
                try fault.set(false, shim)
                try await eventually(within: .seconds(15), every: .milliseconds(100), "ready again") {
                    try await server.http.send("GET", "/ready").status == 200
                }
            }
        }

        @Test func `A stream whose end cannot be receipted breaks off with an error and no [DONE]`() async throws {
            try await withBench { bench in
                let (server, shim) = try await Self.server(bench)
                let stream = try await server.openChat(#"Go. script:{"words": 12, "delay_ms": 60}"#)
                #expect(stream.head.status == 200)
                _ = try await stream.nextEvent()
                try Fault.syncFails.set(true, shim)
                var events: [String] = []
                do { while let event = try await stream.nextEvent() { events.append(event) } } catch {}
                #expect(!events.contains("[DONE]"))
                let last = try #require(events.last)
                #expect(try JSON(parsing: last.utf8)["error"]["code"].string == "receipts_unavailable")
                try Fault.syncFails.set(false, shim)
            }
        }

        @Test func `A stream whose opening cannot be receipted sends no byte of the answer`() async throws {
            try await withBench { bench in
                let (server, shim) = try await Self.server(bench)
                try Fault.diskIsFull.set(true, shim)
                let stream = try await server.openChat(#"Go. script:{"answer": "canary-of-the-answer"}"#)
                #expect(stream.head.status == 503)
                var body: [UInt8] = []
                while let piece = try await stream.next() { body += piece }
                #expect(!String(decoding: body, as: UTF8.self).contains("canary-of-the-answer"))
            }
        }

        private static func server(_ bench: Bench) async throws -> (OrchServer, CrashShim) {
            let shim = try await CrashShim(bench, data: try bench.folder("server-instance"))
            let upstream = try await bench.upstream()
            let server = try await bench.server(shim.settings, upstream: upstream)
            return (server, shim)
        }

        private static func expectNothingAnswered(_ server: OrchServer) async throws {
            let answers = [
                try await server.chat("calc 6 * 7"),
                try await server.chat("calc 6 * 7", streams: true),
                try await server.chat("Hello."),
                try await server.chat("Hello.", streams: true),
                try await server.http.send(
                    "POST", "/v1/tools/execute", ["name": "echo", "args": ["message": "canary-of-the-tool"]]),
                try await server.http.send("POST", "/v1/embeddings", ["input": "Hello."]),
            ]
            for answer in answers {
                #expect(answer.status == 503)
                #expect(answer.errorCode == "receipts_unavailable")
                #expect(answer.json["error"]["type"].string == "service_unavailable")
                #expect(answer.headers["retry-after"] != nil)
                #expect(answer.headers["x-orch-trace-id"] == nil)
                for words in ["42", "scripted", "canary", "trace.db"] { #expect(!answer.text.contains(words)) }
            }
        }
    }
}

extension Bench {
    /// Whether the trace is in the database of a running server and closed as `ok`.
    func hasTrace(_ id: String, in server: OrchServer) async throws -> Bool {
        let load = try python("load.py", environment: ["ORCH_TOKEN": OrchServer.token])
        try load.write(line: JSON.text(["claim": id]))
        _ = try await load.readLine()
        try load.write(line: JSON.text(["check": server.database.path, "integrity": true]))
        let found = try JSON(parsing: try await load.readLine().utf8)
        return found["lost"].elements.isEmpty && found["integrity"].string == "ok"
    }
}
