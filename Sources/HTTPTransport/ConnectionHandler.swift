import NIOCore
import NIOHTTP1
import NIOSSL
import OrchEgress

/// A connection's end of its exchanges: writes a request, hands the answer over, and returns itself to the pool.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let endpoint: Endpoint
    private let pool: ConnectionPool
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var keepsAlive = true
    private(set) var lastUsed = NIODeadline.now()

    init(endpoint: Endpoint, pool: ConnectionPool) {
        self.endpoint = endpoint
        self.pool = pool
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    var isOpen: Bool { context?.channel.isActive ?? false }

    /// Begins an exchange on an idle connection.
    func begin(_ exchange: Exchange, connected: ConnectionRecord?) {
        guard let context else {
            pool.discard(self, endpoint)
            exchange.connectionClosed()
            return
        }
        guard !exchange.isOver else {
            // It was given up while the connection came about; the next exchange may have it.
            pool.keep(self, endpoint)
            return
        }
        self.exchange = exchange
        exchange.attach(to: self, connected: connected)
        if exchange.mode == .stream { setAutoRead(false) }
        let request = exchange.request
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        headers.add(name: "host", value: endpoint.hostHeader)
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        if request.method == .post { headers.add(name: "content-length", value: String(request.body.count)) }
        let head = HTTPRequestHead(
            version: .http1_1, method: request.method == .get ? .GET : .POST, uri: request.path, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if exchange.mode == .stream { context.read() }
    }

    /// Asks for the next piece of a streamed body.
    func readMore() {
        context?.read()
    }

    /// Closes the connection under an exchange that nobody waits for.
    func abandon() {
        exchange = nil
        pool.discard(self, endpoint)
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
            release(context, streamed: exchange.mode == .stream)
            exchange.receiveEnd()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // A read that brought no piece of the body (the head, chunk framing) must not stall a waiting reader.
        if let exchange, exchange.mode == .stream, exchange.isWaiting { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        pool.discard(self, endpoint)
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
        pool.discard(self, endpoint)
        context.close(promise: nil)
    }

    private func release(_ context: ChannelHandlerContext, streamed: Bool) {
        guard keepsAlive, context.channel.isActive else {
            pool.discard(self, endpoint)
            context.close(promise: nil)
            return
        }
        // An idle connection reads on, so that its closing is noticed.
        if streamed { setAutoRead(true) }
        lastUsed = .now()
        pool.keep(self, endpoint)
    }

    private func setAutoRead(_ value: Bool) {
        // The channel is ours and open; a failure shows itself as its closing.
        try? context?.channel.syncOptions?.setOption(.autoRead, value: value)
    }
}

extension Endpoint {
    /// The Host header: the port only where it is not the scheme's own.
    fileprivate var hostHeader: String {
        port == (usesTLS ? 443 : 80) ? (host.contains(":") ? "[\(host)]" : host) : description
    }
}
