import NIOCore
import NIOHTTP1

/// Writes requests as bytes, head and body in one buffer, so that each leaves in one system call.
final class RequestEncoder: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = ByteBuffer

    private var buffer = ByteBuffer()

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            buffer = context.channel.allocator.buffer(capacity: 1024)
            buffer.writeString(head.method.rawValue)
            buffer.writeStaticString(" ")
            buffer.writeString(head.uri)
            buffer.writeStaticString(" HTTP/1.1\r\n")
            for (name, value) in head.headers {
                // Whatever made the value, it does not end its line.
                buffer.writeString(name)
                buffer.writeStaticString(": ")
                buffer.writeBytes(value.utf8.lazy.map { $0 >= 0x20 && $0 != 0x7F ? $0 : 0x20 })
                buffer.writeStaticString("\r\n")
            }
            buffer.writeStaticString("\r\n")
            promise?.succeed()
        case .body(.byteBuffer(var bytes)):
            buffer.writeBuffer(&bytes)
            promise?.succeed()
        case .body:
            // Requests are made of bytes in memory.
            promise?.fail(ChannelError.operationUnsupported)
        case .end:
            context.write(wrapOutboundOut(buffer), promise: promise)
            buffer = ByteBuffer()
        }
    }
}
