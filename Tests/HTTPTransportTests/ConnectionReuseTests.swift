import NIOCore
import NIOPosix
import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Synchronization
import Testing

@Suite("Keeping connections")
struct ConnectionReuseTests {
    @Test("one connection serves request after request, and says so in the record")
    func reuse() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("ok"))
        } _: { server in
            try await withTransport { transport in
                for number in 0..<20 {
                    let head: OutboundHead
                    if number.isMultiple(of: 2) {
                        head = try await transport.send(.get(server.port)).head
                    } else {
                        let stream = try await transport.open(.get(server.port))
                        #expect(text(try await stream.gather()) == "ok")
                        head = stream.head
                    }
                    let made = ConnectionRecord(
                        endpoint: Endpoint(host: "127.0.0.1", port: server.port), address: "127.0.0.1")
                    #expect(head.connected == (number == 0 ? made : nil))
                }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("requests from one event loop share that loop's connection; other loops have their own")
    func perLoop() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("ok"))
        } _: { server in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
            let transport = HTTPTransport(group: group, policy: try EgressPolicy(allowlist: ["loopback"]))
            for (index, loop) in group.makeIterator().enumerated() {
                for _ in 0..<5 {
                    try await withTaskExecutorPreference(LoopExecutor(loop)) {
                        _ = try await transport.send(.get(server.port))
                    }
                }
                #expect(server.connectionCount == index + 1)
            }
            await transport.shutDown()
            try await group.shutdownGracefully()
        }
    }

    @Test("concurrent requests have a connection each, which are used again afterwards")
    func concurrent() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("ok"))
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<5 {
                    try await withThrowingDiscardingTaskGroup { group in
                        for _ in 0..<8 {
                            group.addTask { _ = try await transport.send(.get(server.port)) }
                        }
                    }
                }
            }
            #expect(server.connectionCount <= 8)
        }
    }

    @Test(
        "a connection whose answer says that it ends is not used again",
        arguments: [
            Script(plainAnswer("ok", fields: "Connection: close\r\n")),
            Script(plainAnswer("ok").replacing("HTTP/1.1", with: "HTTP/1.0")),
        ])
    func notKept(answer: Script) async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(answer.text)
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<3 { _ = try await transport.send(.get(server.port)) }
            }
            #expect(server.connectionCount == 3)
        }
    }

    @Test("a server that closes an idle connection costs nothing but a new one")
    func closedWhileIdle() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(plainAnswer("ok"))
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<5 {
                    let answer = try await transport.send(.get(server.port))
                    #expect(text(answer.body) == "ok")
                }
            }
            #expect(server.connectionCount == 5)
        }
    }

    @Test("a kept connection that closes on the next request is replaced once", arguments: [true, false])
    func staleConnection(streams: Bool) async throws {
        let bodies = Mutex<[[UInt8]]>([])
        try await RawServer.run { connection, number in
            let reader = RawHTTPReader(connection)
            for place in 0... {
                guard let request = try await reader.message(isRequest: true) else { return }
                bodies.withLock { $0.append(request.body) }
                // The first connection answers once; then it takes the request and closes.
                if number == 0, place == 1 { return }
                try await connection.send(plainAnswer("ok \(number)"))
            }
        } _: { server in
            try await withTransport { transport in
                var request = OutboundRequest.get(server.port)
                request.method = .post
                request.body = Array("question".utf8)
                let answer = try await transport.send(request)
                #expect(text(answer.body) == "ok 0")
                if streams {
                    let stream = try await transport.open(request)
                    #expect(text(try await stream.gather()) == "ok 1")
                    #expect(stream.head.connected != nil)
                } else {
                    let answer = try await transport.send(request)
                    #expect(text(answer.body) == "ok 1")
                }
            }
            #expect(server.connectionCount == 2)
            #expect(bodies.withLock { $0 } == Array(repeating: Array("question".utf8), count: 3))
        }
    }

    @Test("the replacement of a kept connection is not replaced in turn")
    func retriedOnce() async throws {
        try await RawServer.run { connection, number in
            let reader = RawHTTPReader(connection)
            _ = try await reader.message(isRequest: true)
            guard number == 0 else { return }
            try await connection.send(plainAnswer("ok"))
            _ = try await reader.message(isRequest: true)
        } _: { server in
            try await withTransport { transport in
                _ = try await transport.send(.get(server.port))
                #expect(await failureCode { _ = try await transport.send(.get(server.port)) } == .closedEarly)
            }
            #expect(server.connectionCount == 2)
        }
    }

    @Test(
        "a request whose answer had begun is not sent again",
        arguments: ["HTTP/1.1 2", "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nx"] as [Script])
    func begunAnswer(partialAnswer: Script) async throws {
        try await RawServer.run { connection, number in
            let reader = RawHTTPReader(connection)
            _ = try await reader.message(isRequest: true)
            try await connection.send(plainAnswer("ok"))
            _ = try await reader.message(isRequest: true)
            try await connection.send(partialAnswer.text)
        } _: { server in
            try await withTransport { transport in
                _ = try await transport.send(.get(server.port))
                #expect(await failureCode { _ = try await transport.send(.get(server.port)) } == .closedEarly)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("shutting down closes the kept connections")
    func shutDown() async throws {
        let ends = Mutex(0)
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("ok"))
            ends.withLock { $0 += 1 }
        } _: { server in
            try await withTransport(loops: 2) { transport in
                for _ in 0..<4 { _ = try await transport.send(.get(server.port)) }
                await transport.shutDown()
                while ends.withLock({ $0 }) < server.connectionCount { try await Task.sleep(for: .milliseconds(1)) }
            }
        }
    }
}
