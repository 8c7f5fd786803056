package import OrchEgress
import Synchronization

/// An ``OutboundHTTP`` that answers from a script, keeps what it was sent, and counts answers left unread.
///
/// It keeps the port's promises: time-outs, size limits, and cancellation work as they do on a connection.
package final class ScriptedHTTP: OutboundHTTP {
    private struct Ledger {
        var requests: [OutboundRequest] = []
        var unfinished = 0
    }

    private let script: ServerScript
    private let connected: ConnectionRecord?
    private let ledger = Mutex(Ledger())

    /// - Parameter connected: The connection that every answer says was made for it.
    package init(connected: ConnectionRecord? = nil, script: @escaping ServerScript) {
        self.script = script
        self.connected = connected
    }

    /// Everything that was sent, in order.
    package var requests: [OutboundRequest] { ledger.withLock { $0.requests } }
    package var paths: [String] { requests.map(\.path) }

    /// The opened answers that were neither read to their end nor given up.
    package var unfinishedStreams: Int { ledger.withLock { $0.unfinished } }

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
        let reply = try begin(request)
        let stream = ScriptedStream(reply, request: request, limitsWholeExchange: true) {}
        var body: [UInt8] = []
        while let piece = try await stream.next() { body += piece }
        return OutboundAnswer(head: head(of: reply), body: body)
    }

    package func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream {
        let reply = try begin(request)
        ledger.withLock { $0.unfinished += 1 }
        let stream = ScriptedStream(reply, request: request, limitsWholeExchange: false) { [self] in
            ledger.withLock { $0.unfinished -= 1 }
        }
        return OutboundStream(
            head: head(of: reply), next: { () async throws(OutboundError) in try await stream.next() },
            cancel: { stream.cancel() })
    }

    private func begin(_ request: OutboundRequest) throws(OutboundError) -> ScriptedReply {
        ledger.withLock { $0.requests.append(request) }
        guard !Task.isCancelled else { throw OutboundError(.cancelled, "cancelled") }
        let reply = script(
            ScriptedRequest(
                method: request.method.rawValue, path: request.path, headers: request.headers, body: request.body))
        guard !reply.refusesConnection else { throw OutboundError(.connectFailed, "connection refused") }
        return reply
    }

    private func head(of reply: ScriptedReply) -> OutboundHead {
        OutboundHead(
            status: reply.status, contentType: reply.contentType, retryAfter: reply.retryAfter.map { .seconds($0) },
            connected: connected)
    }
}

/// One scripted answer on its way.
private final class ScriptedStream: Sendable {
    private struct State {
        var position = 0
        var size = 0
        var isOver = false
        var isCancelled = false
    }

    private let reply: ScriptedReply
    private let maximumBytes: Int
    private let timeout: Duration
    /// Where the limit is to the whole exchange.
    private let deadline: ContinuousClock.Instant?
    private let didEnd: @Sendable () -> Void
    private let state = Mutex(State())

    init(
        _ reply: ScriptedReply, request: OutboundRequest, limitsWholeExchange: Bool,
        didEnd: @escaping @Sendable () -> Void
    ) {
        self.reply = reply
        maximumBytes = request.maximumAnswerBytes
        timeout = request.timeout
        deadline = limitsWholeExchange ? .now.advanced(by: request.timeout) : nil
        self.didEnd = didEnd
    }

    func cancel() {
        state.withLock { $0.isCancelled = true }
        end()
    }

    func next() async throws(OutboundError) -> [UInt8]? {
        if state.withLock({ $0.isOver && !$0.isCancelled }) { return nil }
        let limit = deadline ?? .now.advanced(by: timeout)
        let isAtEnd = state.withLock { $0.position >= reply.pieces.count }
        if isAtEnd, case .stalled = reply.ending { try await wait(until: .now.advanced(by: .seconds(3600)), limit) }
        try await wait(until: .now.advanced(by: reply.pause), limit)
        if isAtEnd {
            end()
            if case .cutOff = reply.ending { throw OutboundError(.closedEarly, "connection closed") }
            return nil
        }
        let (piece, size) = state.withLock { state in
            let piece = reply.pieces[state.position]
            state.position += 1
            state.size += piece.count
            return (piece, state.size)
        }
        guard size <= maximumBytes else { throw fail(.tooLarge) }
        return piece
    }

    /// Waits in small steps, so that giving the answer up ends the wait.
    private func wait(
        until moment: ContinuousClock.Instant, _ limit: ContinuousClock.Instant
    ) async throws(OutboundError) {
        while true {
            guard !Task.isCancelled, !state.withLock({ $0.isCancelled }) else { throw fail(.cancelled) }
            let now = ContinuousClock.now
            guard now < moment else { return }
            guard now < limit else { throw fail(.timedOut) }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    private func fail(_ code: OutboundError.Code) -> OutboundError {
        end()
        return OutboundError(code, code.name)
    }

    private func end() {
        let endsNow = state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        if endsNow { didEnd() }
    }
}

/// Plays scripts in memory.
package struct InMemoryHost: ScriptHost {
    package init() {}

    package func play(
        _ script: @escaping ServerScript, _ body: (any OutboundHTTP, Endpoint) async throws -> Void
    ) async throws {
        try await body(ScriptedHTTP(script: script), Endpoint(host: "127.0.0.1", port: 8000))
    }
}
