import NIOCore
import NIOHTTP1
import OrchCore

/// Writes answers as bytes of HTTP/1 (RFC 9112).
struct AnswerEncoder {
    /// How an answer's end is known.
    enum Framing {
        case length(Int)
        case chunked
        /// By the connection's end, for HTTP/1.0.
        case close
    }

    private let now: Now
    /// The Date field of this second.
    private var date: (second: Int64, text: String) = (.min, "")

    init(now: @escaping Now) {
        self.now = now
    }

    mutating func write(
        _ head: AnswerHead, framing: Framing, isOldClient: Bool, closesConnection: Bool, to buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(isOldClient ? "HTTP/1.0 " : "HTTP/1.1 ")
        buffer.writeString(String(head.status.code))
        buffer.writeStaticString(" ")
        buffer.writeString(head.status.reasonPhrase)
        buffer.writeStaticString("\r\n")
        for (name, value) in head.fields {
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            Self.write(value: value, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        switch framing {
        case .length(let count):
            buffer.writeStaticString("content-length: ")
            buffer.writeString(String(count))
            buffer.writeStaticString("\r\n")
        case .chunked: buffer.writeStaticString("transfer-encoding: chunked\r\n")
        case .close: break
        }
        if closesConnection { buffer.writeStaticString("connection: close\r\n") }
        buffer.writeStaticString("date: ")
        buffer.writeString(currentDate())
        buffer.writeStaticString("\r\n\r\n")
    }

    /// One chunk (RFC 9112 section 7.1); an empty piece writes nothing, since it would end the body.
    static func write(chunk: [UInt8], to buffer: inout ByteBuffer) {
        guard !chunk.isEmpty else { return }
        buffer.writeString(String(chunk.count, radix: 16))
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(chunk)
        buffer.writeStaticString("\r\n")
    }

    /// The last chunk.
    static func writeLastChunk(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("0\r\n\r\n")
    }

    /// A value with nothing in it that would end the line, whatever made it.
    private static func write(value: String, to buffer: inout ByteBuffer) {
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            buffer.writeString(value)
        } else {
            buffer.writeBytes(value.utf8.map { $0 >= 0x20 && $0 != 0x7F ? $0 : 0x20 })
        }
    }

    private mutating func currentDate() -> String {
        let moment = now()
        if moment.seconds != date.second { date = (moment.seconds, moment.httpDate) }
        return date.text
    }
}
