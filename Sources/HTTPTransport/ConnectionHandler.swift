import NIOCore
import NIOHTTP1
import NIOSSL
import OrchEgress

/// A connection's end of its exchanges: writes a request, hands the answer over, and returns itself to the pool.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let lane: ConnectionPool.Lane
    private let hostHeader: String
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var keepsAlive = true
    private(set) var lastUsed = NIODeadline.now()
    private var isReadHeld = false
    /// When the exchange is given up. The timer that looks at it is left running when it moves on, so that an exchange
    /// that ends in time costs no timer.
    private var deadline = NIODeadline.distantFuture
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?

    init(lane: ConnectionPool.Lane) {
        self.lane = lane
        hostHeader = lane.endpoint.hostHeader
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.task.cancel()
        timer = nil
    }

    var isOpen: Bool { context?.channel.isActive ?? false }

    /// Begins an exchange on an idle connection.
    func begin(_ exchange: Exchange, connected: ConnectionRecord?) {
        guard let context else {
            lane.discard(self)
            exchange.connectionClosed()
            return
        }
        guard !exchange.isOver else {
            // It was given up while the connection came about; the next exchange may have it.
            lane.keep(self)
            return
        }
        self.exchange = exchange
        exchange.attach(to: self, connected: connected)
        let request = exchange.request
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        headers.add(name: "host", value: hostHeader)
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        if request.method == .post { headers.add(name: "content-length", value: String(request.body.count)) }
        let head = HTTPRequestHead(
            version: .http1_1, method: request.method == .get ? .GET : .POST, uri: request.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Reads on where reading was held for a slow reader.
    func readOn() {
        guard isReadHeld, exchange?.takesMore ?? true else { return }
        isReadHeld = false
        context?.read()
    }

    func read(context: ChannelHandlerContext) {
        if exchange?.takesMore ?? true { context.read() } else { isReadHeld = true }
    }

    /// Gives the exchange so much time from now; nil takes the limit away.
    func setDeadline(in time: Duration?) {
        guard let time else {
            deadline = .distantFuture
            return
        }
        deadline = .now() + TimeAmount(time)
        if let timer {
            guard deadline < timer.at else { return }
            timer.task.cancel()
        }
        startTimer()
    }

    private func startTimer() {
        guard let context else { return }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            timer = nil
            guard deadline < .distantFuture else { return }
            if NIODeadline.now() < deadline { startTimer() } else { exchange?.timedOut() }
        }
        timer = (deadline, task)
    }

    /// Closes the connection under an exchange that nobody waits for.
    func abandon() {
        exchange = nil
        lane.discard(self)
        context?.close(promise: nil)
    }

    func close() -> EventLoopFuture<Void>? {
        context?.close()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // An answer that nobody asked for.
            context.close(promise: nil)
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            keepsAlive = head.isKeepAlive
            exchange.receive(
                OutboundHead(
                    status: Int(head.status.code),
                    contentType: head.headers.first(name: "content-type"),
                    retryAfter: head.headers.first(name: "retry-after").flatMap { Int($0) }.map {
                        .seconds(min(max($0, 0), 86_400))
                    }
                )
            )
        case .body(let bytes):
            exchange.receive(bytes)
        case .end:
            self.exchange = nil
            release(context)
            exchange.receiveEnd()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lane.discard(self)
        let exchange = self.exchange
        self.exchange = nil
        exchange?.connectionClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let exchange = self.exchange
        switch error {
        case HTTPParserError.invalidEOFState:
            exchange?.connectionClosed(withinAnswer: true)
        case is HTTPParserError:
            exchange?.fail(OutboundError(.malformedAnswer, "the answer is not valid HTTP"))
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            exchange?.secureConnectionFailed()
        default:
            exchange?.connectionClosed()
        }
        self.exchange = nil
        lane.discard(self)
        context.close(promise: nil)
    }

    private func release(_ context: ChannelHandlerContext) {
        guard keepsAlive, context.channel.isActive else {
            lane.discard(self)
            context.close(promise: nil)
            return
        }
        // An idle connection reads on, so that its closing is noticed.
        readOn()
        lastUsed = .now()
        lane.keep(self)
    }
}

extension Endpoint {
    /// The Host header: the port only where it is not the scheme's own.
    fileprivate var hostHeader: String {
        port == (usesTLS ? 443 : 80) ? (host.contains(":") ? "[\(host)]" : host) : description
    }
}
