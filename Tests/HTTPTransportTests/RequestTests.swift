import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Synchronization
import Testing

@Suite("Sending requests")
struct RequestTests {
    @Test("a request arrives as it was given", arguments: [0, 1, 65_536, 3_000_000])
    func arrivesIntact(size: Int) async throws {
        var generator = SystemRandomNumberGenerator()
        let body = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let received = Mutex<RawMessage?>(nil)
        try await RawServer.run { connection, _ in
            let request = try await RawHTTPReader(connection).message(isRequest: true)
            received.withLock { $0 = request }
            try await connection.send(plainAnswer("ok"))
        } _: { server in
            try await withTransport { transport in
                var request = OutboundRequest(
                    .post, Endpoint(host: "127.0.0.1", port: server.port), path: "/v1/chat?a=b%20c",
                    headers: [("Content-Type", "application/json"), ("X-Thing", "one, two")], body: body,
                    timeout: RawConnection.patience)
                let answer = try await transport.send(request)
                #expect(answer.head.status == 200)
                let seen = try #require(received.withLock { $0 })
                #expect(seen.startLine == "POST /v1/chat?a=b%20c HTTP/1.1")
                #expect(seen["host"] == "127.0.0.1:\(server.port)")
                #expect(seen["content-type"] == "application/json")
                #expect(seen["x-thing"] == "one, two")
                #expect(seen["content-length"] == String(size))
                #expect(seen["transfer-encoding"] == nil)
                #expect(seen.body == body)

                request.method = .get
                request.body = []
                _ = try await transport.send(request)
                let get = try #require(received.withLock { $0 })
                #expect(get.startLine.hasPrefix("GET "))
                #expect(get["content-length"] == nil)
            }
        }
    }

    @Test("a redirect is an answer like any other, and is not followed")
    func redirect() async throws {
        try await RawServer.run { connection, _ in
            try await connection.answerAlways(plainAnswer("you should not be here"))
        } _: { other in
            try await RawServer.run { connection, _ in
                try await connection.answerAlways(
                    "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:\(other.port)/\r\n"
                        + "Content-Length: 0\r\n\r\n")
            } _: { server in
                try await withTransport { transport in
                    let whole = try await transport.send(.get(server.port))
                    #expect(whole.head.status == 307)
                    let stream = try await transport.open(.get(server.port))
                    #expect(stream.head.status == 307)
                }
                #expect(other.connectionCount == 0)
            }
        }
    }
}
