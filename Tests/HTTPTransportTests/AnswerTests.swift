import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Synchronization
import Testing

@Suite("Reading answers")
struct AnswerTests {
    static let chunked =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\nhello\r\n1;name=value\r\n,\r\n0006\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
    static let plain = plainAnswer("hello, world")

    @Test(
        "an answer that arrives in two parts is the same wherever it is cut",
        arguments: [Script(plain), Script(chunked)])
    func cutAnywhere(answer: Script) async throws {
        let bytes = Array(answer.text.utf8)
        try await RawServer.run { connection, _ in
            let reader = RawHTTPReader(connection)
            for cut in 0...bytes.count {
                _ = try await reader.message(isRequest: true)
                try await connection.send(Array(bytes[..<cut]))
                try await Task.sleep(for: .milliseconds(1))
                try await connection.send(Array(bytes[cut...]))
            }
        } _: { server in
            try await withTransport { transport in
                for cut in 0...bytes.count {
                    let answer = try await transport.send(.get(server.port))
                    #expect(answer.head.status == 200)
                    #expect(text(answer.body) == "hello, world", "cut at \(cut)")
                }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("an answer that arrives byte by byte is whole", arguments: [Script(plain), Script(chunked)])
    func byteByByte(answer: Script) async throws {
        try await RawServer.run { connection, _ in
            let reader = RawHTTPReader(connection)
            while try await reader.message(isRequest: true) != nil {
                for byte in answer.text.utf8 {
                    try await connection.send([byte])
                    try await Task.sleep(for: .microseconds(200))
                }
            }
        } _: { server in
            try await withTransport { transport in
                let whole = try await transport.send(.get(server.port))
                #expect(text(whole.body) == "hello, world")
                let stream = try await transport.open(.get(server.port))
                #expect(text(try await stream.gather()) == "hello, world")
                #expect(try await stream.next() == nil)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("the head tells status, type, and when to come back")
    func headFields() async throws {
        let answer = "HTTP/1.1 429 Slow Down\r\nContent-Type: application/json; charset=utf-8\r\nRETRY-AFTER: 7\r\n"
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(answer + "Content-Length: 0\r\n\r\n")
        } _: { server in
            try await withTransport { transport in
                let head = try await transport.send(.get(server.port)).head
                #expect(head.status == 429)
                #expect(head.contentType == "application/json; charset=utf-8")
                #expect(head.retryAfter == .seconds(7))
            }
        }
    }

    @Test("interim answers are passed over")
    func interimAnswers() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + plainAnswer("done"))
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<3 {
                    let answer = try await transport.send(.get(server.port))
                    #expect(answer.head.status == 200)
                    #expect(text(answer.body) == "done")
                }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("204 ends with its head and keeps the connection")
    func noContent() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways("HTTP/1.1 204 No Content\r\n\r\n")
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<2 {
                    let answer = try await transport.send(.get(server.port))
                    #expect(answer.head.status == 204)
                    #expect(answer.body.isEmpty)
                }
                let stream = try await transport.open(.get(server.port))
                #expect(try await stream.next() == nil)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("a body without length lasts until the server closes")
    func bodyUntilClose() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce("HTTP/1.0 200 OK\r\n\r\nall of it")
        } _: { server in
            try await withTransport { transport in
                let whole = try await transport.send(.get(server.port))
                #expect(text(whole.body) == "all of it")
                let stream = try await transport.open(.get(server.port))
                #expect(text(try await stream.gather()) == "all of it")
            }
            #expect(server.connectionCount == 2)
        }
    }

    @Test(
        "an answer that is cut off says that the connection closed",
        arguments: [
            "", "HTT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-le",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        ])
    func cutOff(answer: Script) async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(answer.text)
        } _: { server in
            try await withTransport { transport in
                #expect(await failureCode { _ = try await transport.send(.get(server.port)) } == .closedEarly)
                #expect(
                    await failureCode {
                        let stream = try await transport.open(.get(server.port))
                        _ = try await stream.gather()
                    } == .closedEarly)
            }
            #expect(server.connectionCount == 2, "a fresh connection that breaks is not tried again")
        }
    }

    @Test(
        "what is not HTTP is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\nhello", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
            Script("HTTP/1.1 200 OK\r\nx: " + String(repeating: "x", count: 100_000) + "\r\n\r\n"),
        ])
    func malformed(answer: Script) async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerOnce(answer.text)
            // The client closes, though the server would go on.
            _ = await connection.isClosedByPeer()
        } _: { server in
            try await withTransport { transport in
                #expect(await failureCode { _ = try await transport.send(.get(server.port)) } == .malformedAnswer)
                #expect(
                    await failureCode {
                        let stream = try await transport.open(.get(server.port))
                        _ = try await stream.gather()
                    } == .malformedAnswer)
            }
            #expect(server.connectionCount == 2)
        }
    }

    @Test("bytes beyond the told length are not taken for anything")
    func tooLongForItsLength() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("right") + plainAnswer("wrong"))
        } _: { server in
            try await withTransport { transport in
                for _ in 0..<5 {
                    let answer = try await transport.send(.get(server.port))
                    #expect(text(answer.body) == "right")
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            #expect(server.connectionCount == 5, "a connection with bytes left over was used again")
        }
    }

    @Test("an answer over the limit is given up, and its connection closed")
    func tooLarge() async throws {
        let wasClosed = Mutex(0)
        try await RawServer.run { connection, number in
            _ = try await RawHTTPReader(connection).message(isRequest: true)
            try await connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            do {
                while true { try await connection.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") }
            } catch {
                wasClosed.withLock { $0 += 1 }
            }
        } _: { server in
            try await withTransport { transport in
                let request = OutboundRequest.get(server.port, maximumAnswerBytes: 10_000)
                #expect(await failureCode { _ = try await transport.send(request) } == .tooLarge)
                let stream = try await transport.open(request)
                #expect(await failureCode { _ = try await stream.gather() } == .tooLarge)
                while wasClosed.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(1)) }
            }
        }
    }

    @Test("an answer of exactly the limit is taken")
    func justNotTooLarge() async throws {
        let body = String(repeating: "x", count: 10_000)
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer(body))
        } _: { server in
            try await withTransport { transport in
                let exact = try await transport.send(.get(server.port, maximumAnswerBytes: 10_000))
                #expect(exact.body.count == 10_000)
                #expect(
                    await failureCode {
                        _ = try await transport.send(.get(server.port, maximumAnswerBytes: 9_999))
                    } == .tooLarge)
            }
        }
    }
}
