import NIOCore
import OrchEgress
import Synchronization

/// One request and its answer, between a waiting task and a connection's event loop.
///
/// All state is the loop's; the tasks' side only hops there.
final class Exchange: Sendable {
    enum Mode: Sendable { case whole, stream }

    /// An answer that has begun: with its body in whole mode, with the body to follow in stream mode.
    struct Begun: Sendable {
        let head: OutboundHead
        let body: [UInt8]
        let exchange: Exchange
    }

    /// What a stream holds for a reader who is slow; the connection is not read beyond it.
    static let maximumHeldBytes = 64 << 10

    let request: OutboundRequest
    let mode: Mode
    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let staleConnection = Atomic<Bool>(false)

    /// A class, so that a look at one part of it does not copy the others.
    final class State {
        var begin: CheckedContinuation<Result<Begun, OutboundError>, Never>?
        var waiter: CheckedContinuation<Result<[UInt8]?, OutboundError>, Never>?
        var head: OutboundHead?
        var body: [UInt8] = []
        var taken = 0
        var end: Result<Void, OutboundError>?
        /// Of the time until there is a connection, which has a clock of its own.
        var timer: Scheduled<Void>?
        var connection: ConnectionHandler?
        var connected: ConnectionRecord?
        var usesKeptConnection = false
    }

    init(request: OutboundRequest, mode: Mode, loop: any EventLoop) {
        self.request = request
        self.mode = mode
        self.loop = loop
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Whether the exchange failed because a kept connection had been closed before anything was answered.
    var metStaleConnection: Bool { staleConnection.load(ordering: .acquiring) }

    // MARK: The task's side

    /// Starts the exchange on the loop and waits for the head (stream) or for all (whole).
    func run(_ start: @escaping @Sendable (Exchange) -> Void) async throws(OutboundError) -> Begun {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop {
                    self.state.value.begin = continuation
                    if let end = self.state.value.end, case .failure(let error) = end {
                        self.resumeBegin(.failure(error))
                        return
                    }
                    start(self)
                }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// The next piece of a streamed body; nil at its end.
    func next() async throws(OutboundError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop { self.wait(continuation) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Gives the exchange up and closes its connection. Does nothing after the end.
    func cancel() {
        onLoop { self.fail(OutboundError(.cancelled, "the exchange was cancelled")) }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    private func wait(_ continuation: CheckedContinuation<Result<[UInt8]?, OutboundError>, Never>) {
        if !state.value.body.isEmpty {
            continuation.resume(returning: .success(takeBody()))
            state.value.connection?.readOn()
        } else if let end = state.value.end {
            continuation.resume(returning: end.map { nil })
        } else {
            state.value.waiter = continuation
            state.value.connection?.setDeadline(in: request.timeout)
        }
    }

    private func takeBody() -> [UInt8] {
        defer { state.value.body = [] }
        return state.value.body
    }

    // MARK: The loop's side

    var isOver: Bool { state.value.end != nil }

    /// Whether the connection may be read: a stream's reader is not left behind.
    var takesMore: Bool { mode == .whole || state.value.body.count < Self.maximumHeldBytes }

    /// The wait for a connection begins.
    func awaitConnection() {
        state.value.timer = loop.scheduleTask(in: TimeAmount(request.timeout)) { self.timedOut() }
    }

    func attach(to connection: ConnectionHandler, connected: ConnectionRecord?) {
        state.value.timer?.cancel()
        state.value.timer = nil
        state.value.connection = connection
        state.value.connected = connected
        state.value.usesKeptConnection = connected == nil
        connection.setDeadline(in: request.timeout)
    }

    func receive(_ head: OutboundHead) {
        var head = head
        head.connected = state.value.connected
        state.value.head = head
        if mode == .stream {
            state.value.connection?.setDeadline(in: nil)
            resumeBegin(.success(Begun(head: head, body: [], exchange: self)))
        }
    }

    func receive(_ bytes: ByteBuffer) {
        state.value.taken += bytes.readableBytes
        guard state.value.taken <= request.maximumAnswerBytes else {
            fail(OutboundError(.tooLarge, "the answer is larger than \(request.maximumAnswerBytes) bytes"))
            return
        }
        state.value.body.append(contentsOf: bytes.readableBytesView)
        if let waiter = state.value.waiter {
            state.value.connection?.setDeadline(in: nil)
            state.value.waiter = nil
            waiter.resume(returning: .success(takeBody()))
        }
    }

    func receiveEnd() {
        guard state.value.end == nil else { return }
        finish(.success(()))
        if mode == .whole, let head = state.value.head {
            resumeBegin(.success(Begun(head: head, body: takeBody(), exchange: self)))
        }
        state.value.waiter?.resume(returning: .success(nil))
        state.value.waiter = nil
    }

    /// The connection closed under the exchange.
    ///
    /// - Parameter withinAnswer: Whether some of the answer had come, so that the request was certainly taken.
    func connectionClosed(withinAnswer: Bool = false) {
        let isStale = state.value.usesKeptConnection && state.value.head == nil && !withinAnswer
        if isStale, state.value.end == nil { staleConnection.store(true, ordering: .releasing) }
        fail(OutboundError(.closedEarly, "the connection closed before the answer was complete"))
    }

    /// TLS did not come about, or broke.
    func secureConnectionFailed() {
        guard state.value.head == nil else {
            connectionClosed(withinAnswer: true)
            return
        }
        fail(
            OutboundError(
                .connectFailed,
                "no secure connection to \(request.endpoint): its certificate is not trusted, or it does not speak TLS")
        )
    }

    func timedOut() {
        fail(OutboundError(.timedOut, "no answer within \(request.timeout)"))
    }

    func fail(_ error: OutboundError) {
        guard state.value.end == nil else { return }
        var error = error
        error.connection = error.connection ?? state.value.connected
        let connection = state.value.connection
        finish(.failure(error))
        resumeBegin(.failure(error))
        state.value.waiter?.resume(returning: .failure(error))
        state.value.waiter = nil
        state.value.body = []
        connection?.abandon()
    }

    private func finish(_ end: Result<Void, OutboundError>) {
        state.value.timer?.cancel()
        state.value.timer = nil
        state.value.connection?.setDeadline(in: nil)
        state.value.end = end
        state.value.connection = nil
    }

    private func resumeBegin(_ result: Result<Begun, OutboundError>) {
        state.value.begin?.resume(returning: result)
        state.value.begin = nil
    }
}
