import NIOCore
import NIOPosix

/// A model server that streams the same tokens to everybody, at a steady rate, for next to no work.
struct TokenServer: Sendable {
    let tokens: Int
    let interval: TimeAmount
    /// Of a token's text.
    let bytes: Int

    func run(port: Int, group: any EventLoopGroup) async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(TokenStream(self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await listener.closeFuture.get()
    }

    fileprivate static let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    fileprivate static let models: String = {
        let body = #"{"object":"list","data":[{"id":"gpt-4o-mini","object":"model","created":1,"owned_by":"bench"}]}"#
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }()

    fileprivate static func frame(_ delta: String, finish: String = "null", usage: String = "null") -> String {
        let event =
            #"data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","#
            + #""system_fingerprint":"fp_bench","choices":[{"index":0,"delta":\#(delta),"logprobs":null,"#
            + #""finish_reason":\#(finish)}],"usage":\#(usage)}"# + "\n\n"
        return String(event.utf8.count, radix: 16) + "\r\n\(event)\r\n"
    }

    fileprivate static let first = frame(#"{"role":"assistant","content":""}"#)
    fileprivate static let last =
        frame("{}", finish: #""stop""#) + "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
}

/// One connection of it. A request is taken to end with the bytes that bring its last brace.
private final class TokenStream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: TokenServer
    private let token: ByteBuffer
    private var sent = 0
    private var isStreaming = false

    init(_ server: TokenServer) {
        self.server = server
        let text = "tok" + String(repeating: "e", count: max(0, server.bytes - 4)) + "n"
        token = ByteBuffer(string: TokenServer.frame(#"{"content":"\#(text)"}"#))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        if bytes.starts(with: "GET".utf8) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: TokenServer.models)), promise: nil)
        } else if !isStreaming, bytes.last == UInt8(ascii: "}") {
            isStreaming = true
            sent = 0
            context.write(wrapOutboundOut(ByteBuffer(string: TokenServer.head + TokenServer.first)), promise: nil)
            next(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isStreaming, server.interval == .zero, context.channel.isWritable { next(context) }
    }

    private func next(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        repeat {
            guard sent < server.tokens else {
                isStreaming = false
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: TokenServer.last)), promise: nil)
                return
            }
            sent += 1
            context.writeAndFlush(wrapOutboundOut(token), promise: nil)
        } while server.interval == .zero && context.channel.isWritable
        guard server.interval > .zero else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: server.interval) { self.next(context) }
    }
}
