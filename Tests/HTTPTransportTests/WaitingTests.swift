import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Synchronization
import Testing

@Suite("Time-outs, cancellation and back-pressure")
struct WaitingTests {
    static let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    static let short = Duration.milliseconds(60)

    /// A server that takes a request, sends this, and then waits for the client to close.
    private func silentAfter(
        _ beginning: String, _ body: (_ server: RawServer, _ closed: @Sendable () -> Int) async throws -> Void
    ) async throws {
        let closed = Mutex(0)
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(beginning)
            if await connection.isClosedByPeer() { closed.withLock { $0 += 1 } }
        } _: { server in
            try await body(server) { closed.withLock { $0 } }
        }
    }

    /// Waits until it holds; a hang fails by the suite's patience.
    private func until(_ holds: () -> Bool) async throws {
        let deadline = ContinuousClock.now.advanced(by: RawConnection.patience)
        while !holds() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test(
        "a whole answer that does not come in time is given up, however far it got",
        arguments: ["", "HTTP/1.1 200", Script(head), Script(head + "5\r\nhel")])
    func wholeTimesOut(beginning: Script) async throws {
        try await silentAfter(beginning.text) { server, closed in
            try await withTransport { transport in
                let request = OutboundRequest.get(server.port, timeout: Self.short)
                #expect(await failureCode { _ = try await transport.send(request) } == .timedOut)
                try await until { closed() == 1 }
            }
        }
    }

    @Test("a head that does not come in time is given up", arguments: ["", "HTTP/1.1 200 OK\r\n"] as [Script])
    func headTimesOut(beginning: Script) async throws {
        try await silentAfter(beginning.text) { server, closed in
            try await withTransport { transport in
                let request = OutboundRequest.get(server.port, timeout: Self.short)
                #expect(await failureCode { _ = try await transport.open(request) } == .timedOut)
                try await until { closed() == 1 }
            }
        }
    }

    @Test("a stream that falls silent is given up at the next piece")
    func pieceTimesOut() async throws {
        try await silentAfter(Self.head + "5\r\nhello\r\n") { server, closed in
            try await withTransport { transport in
                let stream = try await transport.open(.get(server.port, timeout: .seconds(5)))
                #expect(text(try await stream.next() ?? []) == "hello")
                #expect(await failureCode { _ = try await stream.next() } == .timedOut)
                #expect(await failureCode { _ = try await stream.next() } == .timedOut, "it stays over")
                try await until { closed() == 1 }
            }
        }
    }

    @Test("a stream may last longer than its limit, which is to each piece")
    func slowButSteady() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(Self.head)
            for _ in 0..<6 {
                try await Task.sleep(for: .milliseconds(900))
                try await connection.send("1\r\nx\r\n")
            }
            try await connection.send("0\r\n\r\n")
        } _: { server in
            try await withTransport { transport in
                let stream = try await transport.open(.get(server.port, timeout: .seconds(5)))
                #expect(text(try await stream.gather()) == "xxxxxx")
            }
        }
    }

    @Test("time that the reader takes does not count against the server")
    func slowReader() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(Self.head + "1\r\na\r\n")
            try await Task.sleep(for: .milliseconds(10))
            try await connection.send("1\r\nb\r\n0\r\n\r\n")
        } _: { server in
            try await withTransport { transport in
                let stream = try await transport.open(.get(server.port, timeout: .seconds(5)))
                #expect(text(try await stream.next() ?? []) == "a")
                try await Task.sleep(for: .milliseconds(6000))
                #expect(text(try await stream.gather()) == "b")
            }
        }
    }

    @Test("cancelling the task that waits for an answer closes the connection", arguments: [true, false])
    func cancelWaiting(streams: Bool) async throws {
        try await silentAfter("") { server, closed in
            try await withTransport { transport in
                let code = await withTaskGroup(of: OutboundError.Code?.self) { group in
                    group.addTask {
                        await failureCode {
                            if streams {
                                _ = try await transport.open(.get(server.port))
                            } else {
                                _ = try await transport.send(.get(server.port))
                            }
                        }
                    }
                    try? await until { server.connectionCount == 1 }
                    try? await Task.sleep(for: .milliseconds(10))
                    group.cancelAll()
                    return await group.next() ?? nil
                }
                #expect(code == .cancelled)
                try await until { closed() == 1 }
            }
        }
    }

    @Test("cancelling the task that waits for a piece closes the connection")
    func cancelWhileReading() async throws {
        try await silentAfter(Self.head + "5\r\nhello\r\n") { server, closed in
            try await withTransport { transport in
                let stream = try await transport.open(.get(server.port))
                _ = try await stream.next()
                let code = await withTaskGroup(of: OutboundError.Code?.self) { group in
                    group.addTask { await failureCode { _ = try await stream.next() } }
                    try? await Task.sleep(for: .milliseconds(10))
                    group.cancelAll()
                    return await group.next() ?? nil
                }
                #expect(code == .cancelled)
                try await until { closed() == 1 }
            }
        }
    }

    @Test("a task that is cancelled already reaches nobody")
    func cancelledBefore() async throws {
        try await silentAfter("") { server, _ in
            try await withTransport { transport in
                let code = await withTaskGroup(of: OutboundError.Code?.self) { group in
                    group.cancelAll()
                    group.addTask { await failureCode { _ = try await transport.send(.get(server.port)) } }
                    return await group.next() ?? nil
                }
                #expect(code == .cancelled)
                #expect(server.connectionCount == 0)
            }
        }
    }

    @Test("a stream that is given up closes its connection at once; one that is over keeps it")
    func giveUp() async throws {
        let closed = Mutex(0)
        try await RawServer.run { connection, _ in
            let reader = RawHTTPReader(connection)
            _ = try await reader.message(isRequest: true)
            try await connection.send(plainAnswer("ok"))
            _ = try await reader.message(isRequest: true)
            try await connection.send(Self.head + "5\r\nhello\r\n")
            if await connection.isClosedByPeer() { closed.withLock { $0 += 1 } }
        } _: { server in
            try await withTransport { transport in
                let first = try await transport.open(.get(server.port))
                _ = try await first.gather()
                first.cancel()
                let second = try await transport.open(.get(server.port))
                #expect(second.head.connected == nil, "the first stream's connection is not kept")
                second.cancel()
                #expect(await failureCode { _ = try await second.gather() } == .cancelled)
                try await until { closed.withLock { $0 } == 1 }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("cancelling at any moment neither hangs nor loses a connection")
    func cancelAtAnyMoment() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer(String(repeating: "x", count: 20_000)))
        } _: { server in
            try await withTransport(loops: 2) { transport in
                for round in 0..<300 {
                    await withDiscardingTaskGroup { group in
                        group.addTask {
                            let code = await failureCode {
                                if round.isMultiple(of: 2) {
                                    _ = try await transport.send(.get(server.port))
                                } else {
                                    _ = try await transport.open(.get(server.port)).gather()
                                }
                            }
                            #expect(code == nil || code == .cancelled)
                        }
                        try? await Task.sleep(for: .microseconds(round * 7 % 1000))
                        group.cancelAll()
                    }
                }
                let answer = try await transport.send(.get(server.port))
                #expect(answer.body.count == 20_000)
            }
        }
    }

    @Test("a server is not read from while nobody takes what it sends")
    func backPressure() async throws {
        let bound = 32 << 20
        let block = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
        let sent = Mutex<Int?>(nil)
        let whole = Mutex(false)
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(Self.head)
            let stalledAt = try await connection.sendUntilStalled(
                Array(block.utf8), upTo: 8 * bound, quiet: .milliseconds(500))
            sent.withLock { $0 = stalledAt }
            // It goes on as soon as somebody reads; the block that was cut in two is not worth the trouble.
            try await connection.send(Array(repeating: UInt8(ascii: "x"), count: 1 << 20))
            whole.withLock { $0 = true }
        } _: { server in
            try await withTransport { transport in
                let stream = try await transport.open(.get(server.port, maximumAnswerBytes: 16 * bound))
                _ = try await stream.next()
                try await until { sent.withLock { $0 } != nil }
                let stalledAt = sent.withLock { $0 } ?? 0
                #expect(stalledAt < bound, "the server could send \(stalledAt) bytes that nobody wanted")
                #expect(!whole.withLock { $0 })
                _ = await failureCode { _ = try await stream.gather() }
                try await until { whole.withLock { $0 } }
            }
        }
    }
}
