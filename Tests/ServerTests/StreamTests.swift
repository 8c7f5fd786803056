import NIOPosix
import OrchCore
import OrchEgress
import OrchHTTPTransport
import OrchModelClients
import OrchProviders
import OrchTestSupport
import Synchronization
import Testing

@testable import OrchServer

@Suite("Streams")
struct StreamTests {
    private static func options(_ model: ScriptedModel) -> TestServer.Options {
        var options = TestServer.Options()
        options.provider = model
        return options
    }

    @Test("a stream is server-sent events, each in a chunk of its own, and ends with [DONE]")
    func frames() async throws {
        try await TestServer.run { server in
            let answer = try await server.ask(.chat(streams: true))
            #expect(answer["content-type"] == "text/event-stream; charset=utf-8")
            #expect(answer["cache-control"] == "no-cache")
            #expect(answer["content-length"] == nil)
            #expect(answer["x-ai-generated"] == "true")
            #expect(answer["openai-processing-ms"] != nil)
            #expect(answer["x-orch-trace-id"] != nil)
            let chunks = try #require(answer.chunks)
            for chunk in chunks {
                let text = String(decoding: chunk, as: UTF8.self)
                #expect(text.hasPrefix("data: ") && text.hasSuffix("\n\n"))
                #expect(!text.dropLast(2).contains("\n"))
            }
            let events = chunks.dropLast().compactMap { chunk in
                try? JSONValue(parsing: Array(chunk.dropFirst(6).dropLast(2))).objectValue
            }
            #expect(events.count == chunks.count - 1)
            #expect(Set(events.map { $0["id"] }).count == 1)
            #expect(Set(events.map { $0["created"] }).count == 1)
            let deltas = events.compactMap { $0["choices"]?.arrayValue?.first?.objectValue?["delta"]?.objectValue }
            #expect(deltas.first?["role"] == "assistant")
            #expect(deltas.compactMap { $0["content"]?.stringValue }.joined() == "piece 0 piece 1 piece 2 ")
            #expect(events.last?["receipt"]?.objectValue?["trace_id"]?.stringValue == answer["x-orch-trace-id"])
            #expect(server.receipts?.statuses == ["ok"])
        }
    }

    @Test("the head leaves though no piece has come yet")
    func headFirst() async throws {
        let model = ScriptedModel { (_: Int) async throws(ProviderError) in try await ScriptedModel.stall() }
        try await TestServer.run(Self.options(model)) { server in
            let connection = try server.connect()
            try await connection.send(RawRequest.chat(streams: true).text)
            #expect(try await RawHTTPReader(connection).head()?.status == 200)
            connection.close()
            try await until { server.receipts?.statuses == ["cancelled"] }
        }
    }

    @Test("a piece is passed on as it comes")
    func notGathered() async throws {
        let gate = Mutex(false)
        let model = ScriptedModel { (number: Int) async throws(ProviderError) in
            while number == 1, !gate.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
            return number < 2 ? "piece \(number)" : nil
        }
        try await TestServer.run(Self.options(model)) { server in
            let connection = try server.connect()
            try await connection.send(RawRequest.chat(streams: true).text)
            let reader = RawHTTPReader(connection)
            _ = try await reader.head()
            var seen = ""
            while !seen.contains("piece 0"), let chunk = try await reader.chunk() {
                seen += String(decoding: chunk, as: UTF8.self)
            }
            #expect(!seen.contains("piece 1"))
            gate.withLock { $0 = true }
            while let chunk = try await reader.chunk() { seen += String(decoding: chunk, as: UTF8.self) }
            #expect(seen.contains("piece 1") && seen.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("a failure after the first byte is told in the stream, which then ends without [DONE]")
    func failsOnTheWay() async throws {
        let model = ScriptedModel { (number: Int) async throws(ProviderError) in
            guard number < 2 else { throw ProviderError(.unreachable, "the model server closed the connection") }
            return "piece"
        }
        try await TestServer.run(Self.options(model)) { server in
            let connection = try server.connect()
            let reader = RawHTTPReader(connection)
            try await connection.send(RawRequest.chat(streams: true).text)
            let answer = try #require(try await reader.message())
            #expect(answer.status == 200)
            #expect(!answer.text.contains("[DONE]"))
            let last = try JSONValue(parsing: Array(try #require(answer.chunks?.last).dropFirst(6).dropLast(2)))
            let error = last.objectValue?["error"]?.objectValue
            #expect(error?.keys.sorted() == ["code", "message", "param", "type"])
            #expect(error?["code"] == "provider_unreachable")
            #expect(server.receipts?.statuses == ["failed"])
            try await connection.send(RawRequest().text)
            #expect(try await reader.message()?.status == 200, "the connection is in order all the same")
        }
    }

    @Test("an end that cannot be receipted is not told")
    func endNotReceipted() async throws {
        var options = TestServer.Options()
        options.receipts = MemoryReceipts(failsAfter: 1)
        try await TestServer.run(options) { server in
            let answer = try await server.ask(.chat(streams: true))
            #expect(!answer.text.contains("[DONE]"))
            #expect(answer.text.contains("receipts_unavailable"))
        }
    }

    // MARK: Clients that go away

    @Test(
        "a client that goes away ends its request, and the receipt says so",
        arguments: [true, false], ["closes", "resets", "half-closes"])
    func goesAway(streams: Bool, how: String) async throws {
        let model = ScriptedModel { (number: Int) async throws(ProviderError) in
            number < 2 ? "piece" : try await ScriptedModel.stall()
        }
        var options = Self.options(model)
        if !streams { options.provider = StallingModel(model) }
        try await TestServer.run(options) { server in
            let connection = try server.connect()
            try await connection.send(RawRequest.chat(streams: streams).text)
            if streams {
                let reader = RawHTTPReader(connection)
                _ = try await reader.head()
                _ = try await reader.chunk()
                try await until { model.taken == 3 }
            } else {
                try await until { !model.calls.isEmpty }
            }
            switch how {
            case "closes": connection.close()
            case "resets": connection.reset()
            default: connection.closeOutput()
            }
            try await until { server.receipts?.statuses == ["cancelled"] }
            if streams { #expect(model.wasCancelled) }
        }
    }

    @Test("a client that goes away closes the connection to the model server at once")
    func closesUpstream() async throws {
        let closedAt = Mutex<ContinuousClock.Instant?>(nil)
        try await withUpstream { connection in
            _ = try await RawHTTPReader(connection).message(isRequest: true)
            try await connection.send(Self.upstreamHead + Self.upstreamChunk("one"))
            if await connection.isClosedByPeer() { closedAt.withLock { $0 = .now } }
        } _: { server in
            let connection = try server.connect()
            try await connection.send(RawRequest.chat(streams: true).text)
            let reader = RawHTTPReader(connection)
            _ = try await reader.head()
            _ = try await reader.chunk()
            connection.close()
            let left = ContinuousClock.now
            try await until { closedAt.withLock { $0 } != nil }
            let wait = left.duration(to: try #require(closedAt.withLock { $0 }))
            // Far less where the machine has nothing else to do.
            #expect(wait < .seconds(30))
            try await until { server.receipts?.statuses == ["cancelled"] }
        }
    }

    // MARK: Clients that do not read

    @Test("nothing is asked of the model for a client that does not read")
    func slowReader() async throws {
        let text = String(repeating: "x", count: 32_768)
        let model = ScriptedModel { (_: Int) async throws(ProviderError) in
            // Like a connection's, its pieces come by way of the event loop.
            await Task.yield()
            return text
        }
        try await TestServer.run(Self.options(model)) { server in
            let connection = try server.connect(receiveBuffer: 65_536)
            try await connection.send(RawRequest.chat(streams: true).text)
            var before = -1
            // It stops once the buffers in between are full.
            while model.taken != before {
                before = model.taken
                try await Task.sleep(for: .milliseconds(500))
            }
            #expect(before > 0)
            #expect(before * text.utf8.count < 24 << 20, "\(before) pieces were taken for nobody")
            while model.taken < before + 10 { _ = try await connection.receive() }
            connection.close()
            try await until { server.receipts?.statuses == ["cancelled"] }
        }
    }

    @Test("a model server is not read from for a client that does not read")
    func slowReaderUpstream() async throws {
        let piece = Self.upstreamChunk(String(repeating: "x", count: 32_768))
        let sent = Mutex<Int?>(nil)
        try await withUpstream { connection in
            _ = try await RawHTTPReader(connection).message(isRequest: true)
            try await connection.send(Self.upstreamHead)
            let count = try await connection.sendUntilStalled(
                Array(piece.utf8), upTo: 512 << 20, quiet: .milliseconds(500))
            sent.withLock { $0 = count }
            _ = await connection.isClosedByPeer()
        } _: { server in
            let connection = try server.connect(receiveBuffer: 65_536)
            try await connection.send(RawRequest.chat(streams: true).text)
            try await until { sent.withLock { $0 } != nil }
            #expect(sent.withLock { $0 } ?? 0 < 64 << 20)
            connection.close()
        }
    }

    // MARK: Stopping

    @Test("a graceful shutdown closes idle connections, finishes a running stream, and then ends")
    func gracefulShutdown() async throws {
        let gate = Mutex(false)
        let model = ScriptedModel { (number: Int) async throws(ProviderError) in
            while number == 1, !gate.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
            return number < 3 ? "piece \(number)" : nil
        }
        try await TestServer.run(Self.options(model)) { server in
            let idle = try server.connect()
            try await idle.send(RawRequest().text)
            #expect(try await RawHTTPReader(idle).message()?.status == 200)
            let busy = try server.connect()
            try await busy.send(RawRequest.chat(streams: true).text)
            let reader = RawHTTPReader(busy)
            #expect(try await reader.head()?.status == 200)
            await server.stop()
            #expect(await idle.isClosedByPeer())
            var refusesNew = false
            while !refusesNew {
                do { try server.connect().close() } catch { refusesNew = true }
                try await Task.sleep(for: .milliseconds(1))
            }
            gate.withLock { $0 = true }
            var seen = ""
            while let chunk = try await reader.chunk() { seen += String(decoding: chunk, as: UTF8.self) }
            #expect(seen.contains("piece 2") && seen.hasSuffix("data: [DONE]\n\n"))
            #expect(try await reader.message() == nil)
            #expect(server.receipts?.statuses == ["ok"])
        }
    }

    // MARK: A real connection to the model server

    static let upstreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    static func upstreamChunk(_ content: String) -> String {
        let event =
            #"data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"test-model","choices":[{"index":0,"#
            + #""delta":{"content":"\#(content)"},"finish_reason":null}]}"# + "\n\n"
        return String(event.utf8.count, radix: 16) + "\r\n\(event)\r\n"
    }

    /// A server whose model server is a script behind a real connection.
    private func withUpstream(
        _ script: @escaping @Sendable (RawConnection) async throws -> Void,
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await RawServer.run { connection, _ in
            try await script(connection)
        } _: { upstream in
            let transport = HTTPTransport(
                group: MultiThreadedEventLoopGroup.singleton, policy: try EgressPolicy(allowlist: ["loopback"]))
            var options = TestServer.Options()
            let port = upstream.port
            options.provider = OpenAIClient(name: .openai, http: transport) { () throws(ProviderError) in
                (Endpoint(host: "127.0.0.1", port: port), basePath: "/v1", apiKey: nil)
            }
            try await TestServer.run(options, body)
            await transport.shutDown()
        }
    }
}

/// A model whose whole answers never come.
private struct StallingModel: ModelProvider {
    let model: ScriptedModel
    var name: String { model.name }

    init(_ model: ScriptedModel) { self.model = model }

    func complete(_ call: ChatCall) async throws(ProviderError) -> ChatReply {
        _ = try await model.complete(call)
        _ = try await ScriptedModel.stall()
        throw ProviderError(.cancelled, "the call was cancelled")
    }

    func stream(_ call: ChatCall) async throws(ProviderError) -> ChunkStream { try await model.stream(call) }
    func models(timeout: Duration) async throws(ProviderError) -> [ModelDescription] { [] }
    func embed(_ body: [UInt8], timeout: Duration) async throws(ProviderError) -> ChatReply {
        try await model.embed(body, timeout: timeout)
    }
    func checkHealth(timeout: Duration) async throws(ProviderError) {}
}
