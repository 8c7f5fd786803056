import NIOCore
import NIOPosix
import OrchEgress
import OrchHTTPTransport
import OrchTestSupport
import Testing

/// A transport on loops of its own, so that no other test's connections are in its pools.
func withTransport<Value>(
    loops: Int = 1, allowing allowlist: [String] = ["loopback"],
    observe: @escaping @Sendable (EgressOutcome) -> Void = { _ in },
    _ body: (HTTPTransport) async throws -> Value
) async throws -> Value {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
    let transport = HTTPTransport(group: group, policy: try EgressPolicy(allowlist: allowlist), observe: observe)
    let result: Result<Value, any Error>
    do { result = .success(try await body(transport)) } catch { result = .failure(error) }
    await transport.shutDown()
    try await group.shutdownGracefully()
    return try result.get()
}

/// What a server says in one case of a test, shown in one short line.
struct Script: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
    let text: String

    init(_ text: String) { self.text = text }
    init(stringLiteral text: String) { self.text = text }

    var testDescription: String {
        let line = text.replacing("\r\n", with: "⏎")
        return line.count > 80 ? "\(line.prefix(80))…" : line
    }
}

extension OutboundRequest {
    /// A request to a port of 127.0.0.1.
    static func get(_ port: Int, timeout: Duration = RawConnection.patience, maximumAnswerBytes: Int = 64 << 20)
        -> OutboundRequest
    {
        OutboundRequest(
            .get, Endpoint(host: "127.0.0.1", port: port), path: "/", timeout: timeout,
            maximumAnswerBytes: maximumAnswerBytes)
    }
}

extension OutboundStream {
    /// The rest of the body.
    func gather() async throws -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await next() { body += piece }
        return body
    }
}

extension RawConnection {
    /// Takes a request and answers with these bytes, time after time until the client leaves.
    func answerAlways(_ answer: String) async throws {
        let reader = RawHTTPReader(self)
        while try await reader.message(isRequest: true) != nil { try await send(answer) }
    }

    /// Takes one request and answers with these bytes.
    func answerOnce(_ answer: String) async throws {
        _ = try await RawHTTPReader(self).message(isRequest: true)
        try await send(answer)
    }
}

/// A whole answer of a length that is told.
func plainAnswer(_ body: String, fields: String = "") -> String {
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// What the work fails with.
func failure(_ work: () async throws -> Void) async -> OutboundError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? OutboundError
    }
}

/// The code that the work fails with.
func failureCode(_ work: () async throws -> Void) async -> OutboundError.Code? {
    await failure(work)?.code
}

/// Runs tasks on an event loop.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
