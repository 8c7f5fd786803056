import NIOCore
import NIOHTTP1

/// Holds a connection to its limits: slow senders, malformed requests, requests that are answered before they are read,
/// silence between requests. It frames the answers, since it knows what each request can take.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = AnswerPart
    typealias OutboundOut = ByteBuffer

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

    /// Sent up the pipeline when the server stops: what is under way is answered, and then the connection closes.
    struct ServerStops: Sendable {}

    private enum Reading {
        case idle
        /// Bytes have come that do not make a head yet.
        case head
        case body
    }

    /// A request whose head has come and whose answer has not ended.
    private struct OpenRequest {
        var closesConnection: Bool
        var waitsToBeAsked = false
        var asksForUpgrade: Bool
        /// HTTP/1.0 knows neither chunks nor interim answers, and its answer ends with the connection.
        let isOldClient: Bool
        let wantsNoBody: Bool

        init(_ head: HTTPRequestHead) {
            isOldClient = head.version.major == 1 && head.version.minor == 0
            wantsNoBody = head.method == .HEAD
            closesConnection = isOldClient
            var offersUpgrade = false
            var namesUpgrade = false
            for (name, value) in head.headers {
                switch name.utf8.count {
                case 6 where name.isField("expect"):
                    waitsToBeAsked = !isOldClient && value.isField("100-continue")
                case 7 where name.isField("upgrade"): namesUpgrade = true
                case 10 where name.isField("connection"):
                    let options = value.lowercased()
                    if options.contains("close") { closesConnection = true }
                    if options.contains("upgrade") { offersUpgrade = true }
                default: break
                }
            }
            asksForUpgrade = head.method == .CONNECT || offersUpgrade && namesUpgrade
            if asksForUpgrade { closesConnection = true }
        }
    }

    private let limits: Limits
    private var encoder: AnswerEncoder
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
    private var serverStops = false
    private var idleSince = NIODeadline.now()
    private var idleTimer: Scheduled<Void>?

    init(limits: Limits, encoder: AnswerEncoder, noteRefusal: @escaping @Sendable (ErrorBody) -> String) {
        self.limits = limits
        self.encoder = encoder
        self.noteRefusal = noteRefusal
    }

    func handlerAdded(context: ChannelHandlerContext) {
        watchIdleness(context, in: limits.keepAlive)
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
            let request = OpenRequest(head)
            asksForUpgrade = request.asksForUpgrade
            requests.append(request)
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
        guard event is ServerStops else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        serverStops = true
        if requests.isEmpty, reading == .idle { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard context.channel.isActive, !(error is IOError), !(error is ChannelError) else {
            context.close(promise: nil)
            return
        }
        let isTooLarge = error as? HTTPParserError == .headerOverflow
        foundFault(
            context,
            isTooLarge
                ? ErrorBody(
                    status: 431, type: "invalid_request_error", code: "headers_too_large",
                    message: "the request's head is larger than \(ConnectionSetup.maximumHeadBytes) bytes")
                : ErrorBody(
                    status: 400, type: "invalid_request_error", code: "malformed_http",
                    message: "the request is not valid HTTP/1.1"))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopWatching()
        lingerTimer?.cancel()
        idleTimer?.cancel()
    }

    // MARK: What leaves

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOver else {
            // The connection's last answer was given already.
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .whole(let head, let body):
            var buffer = context.channel.allocator.buffer(capacity: 512 + body.count)
            let request = beginAnswer(head, length: body.count, &buffer)
            if request?.wantsNoBody != true { buffer.writeBytes(body) }
            endAnswer(context, buffer, promise)
        case .head(let head):
            var buffer = context.channel.allocator.buffer(capacity: 512)
            _ = beginAnswer(head, length: nil, &buffer)
            context.write(wrapOutboundOut(buffer), promise: promise)
        case .piece(let bytes):
            var buffer = context.channel.allocator.buffer(capacity: 16 + bytes.count)
            if isAnswerChunked {
                AnswerEncoder.write(chunk: bytes, to: &buffer)
            } else {
                buffer.writeBytes(bytes)
            }
            context.write(wrapOutboundOut(buffer), promise: promise)
        case .end:
            var buffer = context.channel.allocator.buffer(capacity: 8)
            if isAnswerChunked { AnswerEncoder.writeLastChunk(to: &buffer) }
            endAnswer(context, buffer, promise)
        }
    }

    /// Whether the answer that is under way tells its end by a last chunk.
    private var isAnswerChunked: Bool { !(requests.first?.isOldClient ?? true) }

    /// Writes the head of the oldest request's answer.
    ///
    /// - Parameter length: Of the body; nil of a stream.
    private func beginAnswer(_ head: AnswerHead, length: Int?, _ buffer: inout ByteBuffer) -> OpenRequest? {
        hasBegunAnswer = true
        if head.closesConnection || serverStops, !requests.isEmpty { requests[offset: 0].closesConnection = true }
        let request = requests.first
        encoder.write(
            head, framing: length.map { .length($0) } ?? (isAnswerChunked ? .chunked : .close),
            isOldClient: request?.isOldClient ?? false, closesConnection: request?.closesConnection ?? true,
            to: &buffer)
        return request
    }

    private func endAnswer(_ context: ChannelHandlerContext, _ last: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        hasBegunAnswer = false
        let end = wrapOutboundOut(last)
        let answered = requests.popFirst()
        let isLast = answered?.closesConnection ?? true || serverStops && requests.isEmpty
        guard isLast else {
            context.write(end, promise: promise)
            guard requests.isEmpty else { return }
            idleSince = .now()
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
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    /// Lets what was written arrive before the connection closes.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, context.channel.isActive else {
            context.close(mode: mode, promise: promise)
            return
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: mode, promise: promise) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
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
        let body = error.json
        var fields: HTTPHeaders = ["content-type": "application/json", "x-request-id": noteRefusal(error)]
        if error.status == 408 { fields.add(name: "x-should-retry", value: "false") }
        var buffer = context.channel.allocator.buffer(capacity: 512 + body.count)
        encoder.write(
            AnswerHead(status: HTTPResponseStatus(statusCode: error.status), fields: fields),
            framing: .length(body.count), isOldClient: false, closesConnection: true, to: &buffer)
        buffer.writeBytes(body)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
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

    /// Closes the connection when it has been silent between requests for too long.
    private func watchIdleness(_ context: ChannelHandlerContext, in time: TimeAmount) {
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            let rest = idleSince + limits.keepAlive - .now()
            if requests.isEmpty, reading == .idle, rest <= .zero {
                context.close(promise: nil)
            } else {
                watchIdleness(context, in: rest > .zero ? rest : limits.keepAlive)
            }
        }
    }
}
