import NIOCore
import OrchCore
import OrchProviders
import OrchTestSupport
import Testing

@testable import OrchServer

@Suite("Connections")
struct ConnectionTests {
    /// Limits that a test can wait for.
    static let quick = ConnectionGuard.Limits(
        silence: .milliseconds(150), linger: .milliseconds(300), keepAlive: .seconds(75))

    static func options(_ limits: ConnectionGuard.Limits = quick) -> TestServer.Options {
        var options = TestServer.Options()
        options.limits = limits
        return options
    }

    // MARK: Framing

    @Test("a connection serves request after request, errors between them")
    func keepAlive() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            for (request, status) in [
                (RawRequest.get("/health"), 200), (.chat(), 200), (.get("/nowhere"), 404), (.chat(streams: true), 200),
                (.post("/echo", "{"), 400), (.get("/v1/tools", token: "no"), 401), (.get("/health"), 200),
            ] {
                try await connection.send(request.text)
                #expect(try await reader.message()?.status == status)
            }
        }
    }

    @Test("a request that comes byte by byte is answered")
    func byteByByte() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            for byte in RawRequest.post("/echo", #"{"message":"slow"}"#).text.utf8 {
                try await connection.send([byte])
                try await Task.sleep(for: .microseconds(200))
            }
            #expect(try await RawHTTPReader(connection).message()?[["echo"]] == "slow")
        }
    }

    @Test("a chunked body is read like any other")
    func chunkedBody() async throws {
        try await TestServer.run { server in
            var request = RawRequest.post("/echo", "").with("Transfer-Encoding", "chunked")
            request.body = nil
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            for _ in 0..<2 {
                try await connection.send(request.head + "6\r\n{\"mess\r\n1\r\na\r\n")
                try await connection.send("D;x=y\r\nge\":\"chunks\"}\r\n0\r\nTrailer: x\r\n\r\n")
                #expect(try await reader.message()?[["echo"]] == "chunks")
            }
        }
    }

    @Test("requests that are sent ahead are answered in their order", arguments: [2, 50])
    func pipelining(count: Int) async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let requests = (0..<count).map { number in
                number.isMultiple(of: 3)
                    ? RawRequest.chat(streams: true).with("x-request-id", "r\(number)")
                    : RawRequest.post("/echo", #"{"message":"\#(number)"}"#).with("x-request-id", "r\(number)")
            }
            try await connection.send(requests.map(\.text).joined())
            let reader = RawHTTPReader(connection)
            for number in 0..<count {
                let answer = try #require(try await reader.message())
                #expect(answer["x-request-id"] == "r\(number)")
                #expect(answer.status == 200)
            }
        }
    }

    @Test("a request that ends the connection does not cut off the answers before it")
    func closeAfterPipelined() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            try await connection.send(
                RawRequest.chat(streams: true).text + RawRequest.get("/health").with("Connection", "close").text
                    + RawRequest.get("/nowhere").text)
            let reader = RawHTTPReader(connection)
            #expect(try await reader.message()?.text.hasSuffix("data: [DONE]\n\n") ?? false)
            let last = try #require(try await reader.message())
            #expect(last.status == 200)
            #expect(last["connection"] == "close")
            #expect(try await reader.message() == nil)
        }
    }

    @Test("garbage after a request is refused once that request is answered")
    func garbageAfterRequest() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            try await connection.send(RawRequest.chat(streams: true).text + "\u{1}\u{2} nonsense\r\n\r\n")
            let reader = RawHTTPReader(connection)
            #expect(try await reader.message()?.text.hasSuffix("data: [DONE]\n\n") ?? false)
            let refusal = try #require(try await reader.message())
            expectError(refusal, 400, "invalid_request_error", "malformed_http")
            #expect(refusal["connection"] == "close")
            #expect(try await reader.message() == nil)
        }
    }

    @Test("a kept connection's next request may be refused like a first one")
    func garbageOnKeptConnection() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            try await connection.send(RawRequest().text)
            #expect(try await reader.message()?.status == 200)
            try await connection.send("nonsense\r\n\r\n")
            expectError(
                try #require(try await reader.message()), 400, "invalid_request_error", "malformed_http")
        }
    }

    @Test("Connection: close is honoured, however it is written", arguments: ["close", "Close", "keep-alive, close"])
    func connectionClose(value: String) async throws {
        try await TestServer.run { server in
            for request in [RawRequest.get("/health"), .chat(), .chat(streams: true), .get("/nowhere")] {
                let connection = try server.connect()
                try await connection.send(request.with("Connection", value).text)
                let reader = RawHTTPReader(connection)
                #expect(try await reader.message()?["connection"] == "close")
                #expect(try await reader.message() == nil)
            }
        }
    }

    @Test("a large answer arrives whole though the connection ends with it and the client is slow")
    func largeLastAnswer() async throws {
        var options = TestServer.Options()
        options.maximumBodyBytes = 20_000_000
        try await TestServer.run(options) { server in
            let text = String(repeating: "x", count: 15_000_000)
            let connection = try server.connect(receiveBuffer: 4096)
            let request = RawRequest.post("/echo", #"{"message":"\#(text)"}"#).with("Connection", "close")
            try await connection.send(request.text)
            try await Task.sleep(for: .milliseconds(300))
            let answer = try #require(try await RawHTTPReader(connection).message())
            #expect(answer.body.count == 15_000_011)
        }
    }

    @Test("an HTTP/1.0 client gets an answer without chunks that ends with the connection")
    func oldClient() async throws {
        try await TestServer.run { server in
            for streams in [false, true] {
                let connection = try server.connect()
                var request = RawRequest.chat(streams: streams)
                request.version = "HTTP/1.0"
                try await connection.send(request.text)
                let reader = RawHTTPReader(connection)
                let answer = try #require(try await reader.message())
                #expect(answer.startLine == "HTTP/1.0 200 OK")
                #expect(answer["transfer-encoding"] == nil)
                #expect(answer["connection"] == "close")
                #expect(answer.text.contains(streams ? "data: [DONE]\n\n" : "hello"))
                #expect(try await reader.message() == nil)
            }
        }
    }

    @Test("a client that waits to be asked for the body is asked, unless there is nothing to ask for")
    func expectContinue() async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            let request = RawRequest.post("/echo", #"{"message":"asked"}"#).with("Expect", "100-continue")
            for _ in 0..<2 {
                try await connection.send(request.head)
                #expect(try await reader.message()?.status == 100)
                try await connection.send(request.body ?? "")
                #expect(try await reader.message()?[["echo"]] == "asked")
            }
            var refused = request
            refused.token = "wrong"
            try await connection.send(refused.head)
            #expect(try await reader.message()?.status == 401)
        }
    }

    @Test("an offer to upgrade is passed over, and nothing behind it is kept")
    func upgrade() async throws {
        try await TestServer.run { server in
            for value in ["h2c", "websocket"] {
                let connection = try server.connect()
                try await connection.send(
                    RawRequest.post("/echo", #"{"message":"same"}"#).with("Connection", "Upgrade, HTTP2-Settings")
                        .with("Upgrade", value).with("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA").text)
                let reader = RawHTTPReader(connection)
                let answer = try #require(try await reader.message())
                #expect(answer[["echo"]] == "same")
                #expect(answer["connection"] == "close")
                #expect(try await reader.message() == nil)
            }
            #expect(try await server.ask("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n").status >= 400)
        }
    }

    // MARK: Slow and malformed senders

    @Test("a head that does not come to its end is 408", arguments: ["G", "GET /health HTTP/1.1\r\nHost: loc"])
    func slowHead(beginning: String) async throws {
        try await TestServer.run(Self.options()) { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            try await connection.send(beginning)
            let answer = try #require(try await reader.message())
            expectError(answer, 408, "invalid_request_error", "request_timeout")
            #expect(answer["x-should-retry"] == "false")
            #expect(answer["connection"] == "close")
            #expect(try await reader.message() == nil)
            try await until { server.observed.count == 1 }
            #expect(server.observed.first?.errorCode == "request_timeout")
            #expect(server.observed.first?.requestID == answer["x-request-id"])
        }
    }

    @Test("a head that only drips is 408 all the same")
    func drippingHead() async throws {
        try await TestServer.run(Self.options()) { server in
            let connection = try server.connect()
            async let answer = RawHTTPReader(connection).message()
            do {
                for byte in ("GET /health HTTP/1.1\r\nX: " + String(repeating: "x", count: 10_000)).utf8 {
                    try await connection.send([byte])
                    try await Task.sleep(for: .milliseconds(20))
                }
            } catch {
                // The server has closed.
            }
            expectError(try #require(try await answer), 408, "invalid_request_error", "request_timeout")
        }
    }

    @Test("a body that stops is 408; one that goes on, however slowly, is read")
    func slowBody() async throws {
        try await TestServer.run(Self.options()) { server in
            let request = RawRequest.post("/echo", #"{"message":"slow"}"#)
            for request in [request, request.with("Connection", "close"), request.with("Upgrade", "x")] {
                let stopped = try server.connect()
                try await stopped.send(request.head + "{")
                expectError(
                    try #require(try await RawHTTPReader(stopped).message()), 408, "invalid_request_error",
                    "request_timeout")
            }
        }
        try await TestServer.run(
            Self.options(.init(silence: .seconds(5), linger: .milliseconds(300)))
        ) { server in
            let request = RawRequest.post("/echo", #"{"message":"slow"}"#)
            let slow = try server.connect()
            try await slow.send(request.head)
            for byte in (request.body ?? "").utf8 {
                try await slow.send([byte])
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(try await RawHTTPReader(slow).message()?[["echo"]] == "slow")
        }
    }

    @Test("a slow second request does not disturb the first one's answer")
    func slowSecondRequest() async throws {
        var options = Self.options()
        options.provider = ScriptedModel { (number: Int) async throws(ProviderError) in
            try? await Task.sleep(for: .milliseconds(100))
            return number < 8 ? "piece" : nil
        }
        try await TestServer.run(options) { server in
            let connection = try server.connect()
            try await connection.send(
                RawRequest.chat(streams: true).text + RawRequest.post("/echo", #"{"message":"x"}"#).head)
            let reader = RawHTTPReader(connection)
            let stream = try #require(try await reader.message())
            #expect(stream.status == 200)
            #expect(stream.text.hasSuffix("data: [DONE]\n\n"))
            expectError(try #require(try await reader.message()), 408, "invalid_request_error", "request_timeout")
        }
    }

    @Test("an idle connection is not timed out like a slow one, and closes in the end without a word")
    func idle() async throws {
        try await TestServer.run(
            Self.options(.init(silence: .milliseconds(50), linger: .milliseconds(50), keepAlive: .seconds(4)))
        ) { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            for _ in 0..<2 {
                try await Task.sleep(for: .milliseconds(150))
                try await connection.send(RawRequest().text)
                #expect(try await reader.message()?.status == 200)
            }
            let silent = try server.connect()
            #expect(try await reader.message() == nil)
            #expect(reader.rest.isEmpty)
            #expect(try await RawHTTPReader(silent).message() == nil)
        }
    }

    @Test("a head over 16 KiB is 431, wherever the weight is; one just under it is read")
    func largeHead() async throws {
        try await TestServer.run { server in
            let weight = String(repeating: "x", count: 17_000)
            var path = RawRequest.get("/health")
            path.path += "?\(weight)"
            var fields = RawRequest.get("/health")
            for number in 0..<200 { fields = fields.with("x-\(number)", "y") }
            var spread = RawRequest.get("/health")
            for number in 0..<17 { spread = spread.with("x-\(number)", String(repeating: "y", count: 1000)) }
            for request in [
                path, RawRequest.get("/health").with("x", weight), RawRequest.get("/health").with(weight, "x"), fields,
                spread,
            ] {
                let answer = try await server.ask(request.text)
                expectError(answer, 431, "invalid_request_error", "headers_too_large")
                #expect(answer["connection"] == "close")
            }
            let light = RawRequest.get("/health").with("x", String(repeating: "x", count: 15_000))
            try await server.expect(200, for: light)
        }
    }

    @Test(
        "what is not HTTP/1 is 400",
        arguments: [
            "\r\n\r\nnonsense\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /health\r\n\r\n",
            "GET /health HTTP/3.0\r\n\r\n", "get /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "POST /echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /echo HTTP/1.1\r\nContent-Length: -5\r\n\r\n", "POST /echo HTTP/1.1\r\nContent-Length: 5x\r\n\r\n",
            "POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "GET /health HTTP/1.1\r\n: empty\r\n\r\n",
            "GET /health HTTP/1.1\r\nX: a\u{0}b\r\n\r\n", "BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ])
    func malformed(text: String) async throws {
        try await TestServer.run { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            try await connection.send(text)
            let answer = try #require(try await reader.message())
            expectError(answer, 400, "invalid_request_error", "malformed_http")
            #expect(answer["connection"] == "close")
            #expect(try await reader.message() == nil)
        }
    }

    @Test("a malformed body is 400, and what the handler would have said is not said too")
    func malformedBody() async throws {
        try await TestServer.run { server in
            var request = RawRequest.post("/echo", "").with("Transfer-Encoding", "chunked")
            request.body = nil
            let connection = try server.connect()
            try await connection.send(request.head + "3\r\n{\"m\r\nzz\r\n")
            let reader = RawHTTPReader(connection)
            expectError(try #require(try await reader.message()), 400, "invalid_request_error", "malformed_http")
            #expect(try await reader.message() == nil)
        }
    }

    @Test("the rest of a refused request is dropped for a while; then the connection closes, or serves again")
    func restOfRefusedRequest() async throws {
        try await TestServer.run(Self.options(.init(silence: .seconds(10), linger: .seconds(1)))) { server in
            var request = RawRequest.post("/echo", "").with("Transfer-Encoding", "chunked")
            (request.token, request.body) = ("wrong", nil)
            let endless = try server.connect()
            try await endless.send(request.head)
            let reader = RawHTTPReader(endless)
            #expect(try await reader.message()?.status == 401)
            let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
            await #expect(throws: (any Error).self) { while true { try await endless.send(chunk) } }

            let brief = try server.connect()
            let again = RawHTTPReader(brief)
            try await brief.send(request.head)
            #expect(try await again.message()?.status == 401)
            try await brief.send(chunk + "0\r\n\r\n")
            try await brief.send(RawRequest().text)
            #expect(try await again.message()?.status == 200)
        }
    }

    // MARK: How many

    @Test("connections beyond the cap wait until one closes")
    func cap() async throws {
        var options = TestServer.Options()
        options.maximumConnections = 2
        try await TestServer.run(options) { server in
            let first = try server.connect()
            let second = try server.connect()
            for connection in [first, second] {
                try await connection.send(RawRequest().text)
                #expect(try await RawHTTPReader(connection).message()?.status == 200)
            }
            let third = try server.connect()
            try await third.send(RawRequest().text)
            await #expect(throws: SocketFailure.self) { try await third.receive(within: .milliseconds(200)) }
            second.close()
            #expect(try await RawHTTPReader(third).message()?.status == 200)
        }
    }
}
