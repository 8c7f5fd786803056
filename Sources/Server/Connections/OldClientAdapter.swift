import NIOCore
import NIOHTTP1

/// Serves HTTP/1.0 clients: they know neither chunks nor interim answers, and an answer to them ends with the connection.
final class OldClientAdapter: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var requests = 0
    private var answers = 0
    /// Which request was the first in HTTP/1.0; none is answered after it.
    private var oldRequest: Int?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        requests += 1
        guard head.version.major == 1, head.version.minor == 0 else {
            context.fireChannelRead(data)
            return
        }
        oldRequest = oldRequest ?? requests
        head.headers.replaceOrAdd(name: "connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where answers + 1 == oldRequest:
            if (100..<200).contains(head.status.code) {
                promise?.succeed()
                return
            }
            head.version = .http1_0
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            answers += 1
            context.write(data, promise: promise)
        default:
            context.write(data, promise: promise)
        }
    }
}
