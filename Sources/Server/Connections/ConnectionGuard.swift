import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Holds a connection to its limits: slow senders, malformed heads, and requests that are answered before they are read.
///
/// It also closes the connection when the client has, so that work for nobody stops.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A head must be complete, and a body must go on, within this.
    static let maximumSilence = TimeAmount.seconds(10)
    /// After an early answer, the rest of the request is read and dropped for this long, so that the client gets to see
    /// the answer.
    static let lingerTime = TimeAmount.seconds(2)

    private enum Reading {
        case idle
        /// Bytes have come that do not make a head yet.
        case head
        case body
    }

    private var reading = Reading.idle
    private var isAnswering = false
    private var hasBegunAnswer = false
    private var closesAfterAnswer = false
    private var isLingering = false
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var linger: Scheduled<Void>?

    // MARK: What arrives

    /// Bytes came in; whether they make a head is not known yet.
    func bytesArrived() {
        if reading == .idle { reading = .head }
    }

    /// All that had come in was decoded.
    func readCompleted(_ context: ChannelHandlerContext) {
        guard reading != .idle, !isLingering else { return }
        if reading == .body || timer == nil { deadline = .now() + Self.maximumSilence }
        if timer == nil { watch(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading = .body
            isAnswering = true
            hasBegunAnswer = false
            closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
        case .body:
            break
        case .end:
            reading = .idle
            stopWatching()
            if isLingering {
                close(context)
                return
            }
        }
        if !isLingering { context.fireChannelRead(data) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            // The client has gone; one that only half-closes is treated the same.
            context.close(promise: nil)
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !hasBegunAnswer else {
            context.close(promise: nil)
            return
        }
        let isTooLarge = error as? HTTPParserError == .headerOverflow
        refuse(
            context,
            isTooLarge
                ? ErrorBody(
                    status: 431, type: "invalid_request_error", code: "headers_too_large",
                    message: "the request's head is larger than \(LoopBoundChannel.maximumHeadBytes) bytes")
                : ErrorBody(
                    status: 400, type: "invalid_request_error", code: "malformed_http",
                    message: "the request is not valid HTTP/1.1"))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopWatching()
        linger?.cancel()
    }

    // MARK: What leaves

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.kind != .informational { hasBegunAnswer = true }
            if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            guard closesAfterAnswer else {
                context.write(data, promise: promise)
                return
            }
            context.writeAndFlush(data, promise: promise)
            if reading == .idle { close(context) } else { lingerThenClose(context) }
        }
    }

    // MARK: Limits

    private func watch(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timer = nil
            guard handler.reading != .idle else { return }
            if NIODeadline.now() < handler.deadline { handler.watch(context) } else { handler.timedOut(context) }
        }
    }

    private func stopWatching() {
        timer?.cancel()
        timer = nil
    }

    private func timedOut(_ context: ChannelHandlerContext) {
        guard !hasBegunAnswer else {
            context.close(promise: nil)
            return
        }
        refuse(
            context,
            ErrorBody(
                status: 408, type: "invalid_request_error", code: "request_timeout",
                message: "the request did not arrive within \(Self.maximumSilence.nanoseconds / 1_000_000_000) seconds"))
    }

    /// Answers in the handlers' place and closes.
    private func refuse(_ context: ChannelHandlerContext, _ error: ErrorBody) {
        hasBegunAnswer = true
        stopWatching()
        let body = ByteBuffer(bytes: error.json)
        let head = HTTPResponse(
            status: .init(code: error.status),
            headerFields: [
                .contentType: "application/json", .contentLength: String(body.readableBytes), .connection: "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        lingerThenClose(context)
    }

    private func lingerThenClose(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        linger = context.eventLoop.scheduleTask(in: Self.lingerTime) {
            let (handler, context) = bound.value
            handler.close(context)
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        linger?.cancel()
        linger = nil
        context.close(promise: nil)
    }
}

/// Tells the guard of bytes before they are decoded.
final class ArrivalWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connectionGuard: ConnectionGuard
    private var guardContext: ChannelHandlerContext?

    init(_ connectionGuard: ConnectionGuard) {
        self.connectionGuard = connectionGuard
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guardContext = try? context.pipeline.syncOperations.context(handler: connectionGuard)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        guardContext = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connectionGuard.bytesArrived()
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if let guardContext { connectionGuard.readCompleted(guardContext) }
    }
}
