import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Holds a connection to its limits: slow senders, malformed requests, and requests that are answered before they are
/// read.
///
/// It also closes the connection when the client has, so that work for nobody stops.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// A head must be complete, and a body must go on, within this.
        var silence = TimeAmount.seconds(10)
        /// After an early answer, the rest of the request is read and dropped for this long, so that the client gets to
        /// see the answer.
        var linger = TimeAmount.seconds(2)
        /// How long a kept connection may be silent between requests.
        var keepAlive = TimeAmount.seconds(75)
    }

    /// Sent down the pipeline by who wants a request's body, for clients that wait to be asked for it.
    struct BodyWanted: Sendable {}

    private enum Reading {
        case idle
        /// Bytes have come that do not make a head yet.
        case head
        case body
    }

    /// A request whose head has come and whose answer has not ended.
    private struct OpenRequest {
        var closesConnection: Bool
        var waitsToBeAsked: Bool
    }

    private let limits: Limits
    /// Told of answers that are given here; returns the request's identity.
    private let noteRefusal: @Sendable (ErrorBody) -> String

    private var reading = Reading.idle
    /// Oldest first: more than one where a client sends requests ahead.
    private var requests = CircularBuffer<OpenRequest>()
    private var hasBegunAnswer = false
    /// What is wrong with what came after the open requests; said once they are answered.
    private var refusal: ErrorBody?
    /// Nothing more is answered.
    private var isOver = false
    private var isLingering = false
    /// The decoder stops at this request's end and would keep all that follows.
    private var asksForUpgrade = false
    private var ignoresBytes = false
    private var deadline = NIODeadline.distantFuture
    private var timer: Scheduled<Void>?
    private var lingerTimer: Scheduled<Void>?

    init(limits: Limits, noteRefusal: @escaping @Sendable (ErrorBody) -> String) {
        self.limits = limits
        self.noteRefusal = noteRefusal
    }

    // MARK: What arrives

    /// Bytes came in; whether they make a head is not known yet.
    ///
    /// - Returns: Whether they are to be decoded.
    func bytesArrived() -> Bool {
        guard !ignoresBytes else { return false }
        if reading == .idle { reading = .head }
        return true
    }

    /// All that had come in was decoded.
    func readCompleted(_ context: ChannelHandlerContext) {
        // Who reads the requests may have stopped, which must not keep the rest of this one from being dropped.
        if isLingering { context.read() }
        guard reading != .idle, !isOver else { return }
        if reading == .body || timer == nil { deadline = .now() + limits.silence }
        if timer == nil { watch(context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading = .body
            guard !isOver else { return }
            let options = head.headerFields[.connection]?.lowercased() ?? ""
            asksForUpgrade =
                head.method == .connect || (options.contains("upgrade") && head.headerFields[.upgrade] != nil)
            requests.append(
                OpenRequest(
                    closesConnection: options.contains("close") || asksForUpgrade,
                    waitsToBeAsked: head.headerFields[.expect]?.lowercased() == "100-continue"))
        case .body:
            break
        case .end:
            reading = .idle
            ignoresBytes = asksForUpgrade
            stopWatching()
            if isLingering {
                context.close(promise: nil)
                return
            }
            lingerTimer?.cancel()
            lingerTimer = nil
        }
        if !isOver { context.fireChannelRead(data) }
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
        guard !(error is IOError), !(error is ChannelError) else {
            context.close(promise: nil)
            return
        }
        let isTooLarge = error as? HTTPParserError == .headerOverflow
        foundFault(
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
        lingerTimer?.cancel()
    }

    // MARK: What leaves

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOver else {
            // The connection's last answer was given already.
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            hasBegunAnswer = true
            if head.headerFields[.connection] == "close", !requests.isEmpty {
                requests[offset: 0].closesConnection = true
            }
            if requests.first?.closesConnection ?? true { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            answerEnded(context, data, promise)
        }
    }

    private func answerEnded(_ context: ChannelHandlerContext, _ end: NIOAny, _ promise: EventLoopPromise<Void>?) {
        hasBegunAnswer = false
        guard requests.popFirst()?.closesConnection ?? true else {
            context.write(end, promise: promise)
            guard requests.isEmpty else { return }
            if refusal != nil {
                refuse(context)
            } else if reading == .body {
                // The connection may serve again if the rest of the request is soon over.
                closeUnlessOver(context, in: limits.linger)
            }
            return
        }
        isOver = true
        if reading != .idle { lingerThenClose(context) }
        let sent = promise ?? context.eventLoop.makePromise()
        sent.futureResult.assumeIsolated().whenComplete { [self] _ in
            if !isLingering { context.close(promise: nil) }
        }
        context.writeAndFlush(end, promise: sent)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        guard requests.count == 1, requests[offset: 0].waitsToBeAsked, !hasBegunAnswer, !isOver else { return }
        requests[offset: 0].waitsToBeAsked = false
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    /// Lets what was written arrive before the connection closes.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output, isOver {
            // It closes by itself.
            promise?.succeed()
            return
        }
        guard mode == .all, context.channel.isActive else {
            context.close(mode: mode, promise: promise)
            return
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
        context.writeAndFlush(wrapOutboundOut(.body(ByteBuffer())), promise: sent)
        closeUnlessOver(context, in: limits.silence)
    }

    // MARK: Limits

    private func watch(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            timer = nil
            guard reading != .idle, !isOver else { return }
            if NIODeadline.now() < deadline { watch(context) } else { timedOut(context) }
        }
    }

    private func stopWatching() {
        timer?.cancel()
        timer = nil
    }

    private func timedOut(_ context: ChannelHandlerContext) {
        foundFault(
            context,
            ErrorBody(
                status: 408, type: "invalid_request_error", code: "request_timeout",
                message: "the request did not arrive within \(limits.silence.nanoseconds / 1_000_000_000) seconds"))
    }

    /// Something is wrong with what comes in: the requests before it are answered, then it is.
    private func foundFault(_ context: ChannelHandlerContext, _ fault: ErrorBody) {
        let before = reading == .body ? requests.dropLast() : requests[...]
        // Nothing that follows a request which ends the connection is answered.
        guard !isOver, refusal == nil, !before.contains(where: \.closesConnection) else { return }
        stopWatching()
        if reading == .body {
            guard !requests.isEmpty else {
                // Only the rest of an answered request.
                context.close(promise: nil)
                return
            }
            if requests.count == 1, hasBegunAnswer {
                requests[offset: 0].closesConnection = true
                return
            }
            requests.removeLast()
        }
        refusal = fault
        if requests.isEmpty { refuse(context) }
    }

    /// Answers in the handlers' place and closes.
    private func refuse(_ context: ChannelHandlerContext) {
        guard let error = refusal else { return }
        isOver = true
        let body = ByteBuffer(bytes: error.json)
        var fields: HTTPFields = [
            .contentType: "application/json", .contentLength: String(body.readableBytes), .connection: "close",
        ]
        fields[.requestID] = noteRefusal(error)
        if error.status == 408 { fields[.shouldRetry] = "false" }
        let head = HTTPResponse(status: .init(code: error.status), headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        lingerThenClose(context)
    }

    private func lingerThenClose(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        closeUnlessOver(context, in: limits.linger)
        context.read()
    }

    private func closeUnlessOver(_ context: ChannelHandlerContext, in time: TimeAmount) {
        lingerTimer?.cancel()
        lingerTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}
