import NIOCore
import NIOHTTP1

/// The end of a connection's pipeline: runs its requests, one after the other, as tasks on its event loop.
///
/// What a client sends ahead waits here, one read's worth of it; nothing more is read until it is taken up.
final class RequestRunner: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = AnswerPart
    typealias OutboundOut = AnswerPart

    private let respond: @Sendable (ClientExchange) async -> Void
    private let executor: EventLoopTaskExecutor
    private var context: ChannelHandlerContext?
    /// The client's address, without its port.
    private(set) var address = "unknown"
    private var current: RunningRequest?
    /// What has come of later requests.
    private var ahead = CircularBuffer<HTTPServerRequestPart>()
    /// The last request was answered before it had come to its end.
    private var isDroppingRest = false
    private var isTakingUp = false
    private var isReadHeld = false
    private var isFlushDue = false

    init(executor: EventLoopTaskExecutor, respond: @escaping @Sendable (ClientExchange) async -> Void) {
        self.executor = executor
        self.respond = respond
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        address = context.channel.remoteAddress?.ipAddress ?? address
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        current?.clientIsGone()
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if current?.hasWholeBody ?? false { ahead.append(part) } else { take(part) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        startIfReady()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ahead.removeAll()
        current?.clientIsGone()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        if wantsInput { context.read() } else { isReadHeld = true }
    }

    private var wantsInput: Bool {
        guard ahead.isEmpty else { return false }
        guard let current, !current.hasWholeBody else { return true }
        return current.wantsBody
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head):
            current = RunningRequest(RequestHead(head))
        case .body(let bytes):
            current?.receive(bytes)
        case .end where isDroppingRest:
            isDroppingRest = false
        case .end:
            current?.receiveEnd()
            startIfReady()
        }
    }

    /// Begins the work of a request that is there, or whose body is still to come.
    private func startIfReady() {
        guard let current, current.task == nil, let context else { return }
        let exchange = ClientExchange(
            runner: NIOLoopBound(self, eventLoop: context.eventLoop),
            request: NIOLoopBound(current, eventLoop: context.eventLoop), head: current.head, address: address)
        // Ends with its answer; the connection's end cancels it.
        current.task = Task(executorPreference: executor) { [respond] in await respond(exchange) }
    }

    /// Takes up what has come ahead, and reads on where reading was held.
    private func takeUp() {
        guard !isTakingUp else { return }
        isTakingUp = true
        while !(current?.hasWholeBody ?? false), let part = ahead.popFirst() { take(part) }
        isTakingUp = false
        startIfReady()
        readOn()
    }

    func readOn() {
        guard isReadHeld, wantsInput else { return }
        isReadHeld = false
        context?.read()
    }

    // MARK: What leaves

    /// Whether more may be written at once.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { current?.resumeWriter() }
        context.fireChannelWritabilityChanged()
    }

    /// Sends a part of the current request's answer. What a task sends without waiting in between leaves in one system
    /// call.
    ///
    /// - Throws: `CancellationError` where the client has gone.
    func send(_ part: AnswerPart) throws {
        guard let context, context.channel.isActive else { throw CancellationError() }
        switch part {
        case .whole, .end:
            context.writeAndFlush(wrapOutboundOut(part), promise: nil)
        case .head, .piece:
            context.write(wrapOutboundOut(part), promise: nil)
            flushSoon(context)
        }
    }

    /// Flushes once the task that writes has come to a halt: it runs on this loop, and so before what is put into its
    /// queue.
    private func flushSoon(_ context: ChannelHandlerContext) {
        guard !isFlushDue else { return }
        isFlushDue = true
        context.eventLoop.assumeIsolated().execute { [self] in
            isFlushDue = false
            self.context?.flush()
        }
    }

    /// Asks for the body, where the client waits to be asked.
    func askForBody() {
        context?.triggerUserOutboundEvent(ConnectionGuard.BodyWanted(), promise: nil)
    }

    /// The current request has its answer.
    func requestEnded() {
        isDroppingRest = !(current?.hasWholeBody ?? true)
        current = nil
        takeUp()
    }

    /// Breaks the connection off: an answer that has begun cannot be ended.
    func breakOff() {
        context?.close(promise: nil)
    }
}
