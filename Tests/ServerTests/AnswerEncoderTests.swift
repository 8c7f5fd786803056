import NIOCore
import NIOHTTP1
import OrchCore
import Testing

@testable import OrchServer

@Suite("Answers as bytes")
struct AnswerEncoderTests {
    private func text(
        _ fields: HTTPHeaders = [:], _ framing: AnswerEncoder.Framing = .length(3), old: Bool = false,
        closes: Bool = false, status: HTTPResponseStatus = .ok
    ) -> String {
        var encoder = AnswerEncoder(now: { Timestamp(microseconds: 784_111_777_000_000) })
        var buffer = ByteBuffer()
        encoder.write(
            AnswerHead(status: status, fields: fields), framing: framing, isOldClient: old, closesConnection: closes,
            to: &buffer)
        return String(buffer: buffer)
    }

    private let date = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n"

    @Test("a head says how its body ends")
    func framing() {
        #expect(text() == "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\(date)")
        #expect(
            text(["a": "b"], .chunked, closes: true)
                == "HTTP/1.1 200 OK\r\na: b\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\(date)")
        #expect(
            text([:], .close, old: true, closes: true) == "HTTP/1.0 200 OK\r\nconnection: close\r\n\(date)")
        #expect(text(status: .notFound).hasPrefix("HTTP/1.1 404 Not Found\r\n"))
    }

    @Test("no value ends its line, whatever is in it", arguments: ["a\r\nset-cookie: x", "a\nb", "\0", "\u{7F}"])
    func hostileValues(value: String) {
        let lines = text(["x": value]).components(separatedBy: "\r\n")
        #expect(lines.count == 6)
        #expect(lines[1].hasPrefix("x: "))
        #expect(lines[1].utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }

    @Test("the date is RFC 9110's, on every day of a week and in every month")
    func dates() {
        // Taken from Python's email.utils.formatdate.
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (1_795_674_547, "Thu, 26 Nov 2026 06:29:07 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
        ] {
            #expect(Timestamp(microseconds: Int64(seconds) * 1_000_000).httpDate == date)
        }
    }

    @Test("chunks carry their length; an empty one would end the body and is none")
    func chunks() {
        var buffer = ByteBuffer()
        AnswerEncoder.write(chunk: [UInt8](repeating: 0x61, count: 26), to: &buffer)
        AnswerEncoder.write(chunk: [], to: &buffer)
        AnswerEncoder.writeLastChunk(to: &buffer)
        #expect(String(buffer: buffer) == "1a\r\n\(String(repeating: "a", count: 26))\r\n0\r\n\r\n")
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
