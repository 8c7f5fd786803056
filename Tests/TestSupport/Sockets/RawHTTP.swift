import Synchronization

/// An HTTP message as it came, read by the rules and no more leniently than that.
package struct RawMessage: Sendable {
    /// The request line or the status line.
    package var startLine: String
    package var fields: [(name: String, value: String)]
    package var body: [UInt8] = []
    /// The chunks that the body came in; nil where it came otherwise.
    package var chunks: [[UInt8]]?

    /// The status of an answer.
    package var status: Int {
        let words = startLine.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    package subscript(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A message that breaks the rules.
package struct MalformedMessage: Error, CustomStringConvertible {
    package let description: String
}

/// Reads HTTP messages off a connection, requests and answers alike.
package final class RawHTTPReader: Sendable {
    private let connection: RawConnection
    private let buffer = Mutex<[UInt8]>([])

    package init(_ connection: RawConnection) {
        self.connection = connection
    }

    /// What has been received and not read.
    package var rest: [UInt8] { buffer.withLock { $0 } }

    /// The next message; nil where the connection ends before one begins.
    ///
    /// - Parameters:
    ///   - isToHead: Whether it answers HEAD, so that no body follows.
    ///   - isRequest: A request without length has no body; an answer's lasts to the connection's end.
    package func message(isToHead: Bool = false, isRequest: Bool = false) async throws -> RawMessage? {
        guard var message = try await head() else { return nil }
        if isToHead || (100..<200).contains(message.status) || message.status == 204 || message.status == 304 {
            return message
        }
        if let coding = message["transfer-encoding"] {
            guard coding.lowercased() == "chunked", message["content-length"] == nil else {
                throw MalformedMessage(description: "transfer-encoding \(coding) with a length")
            }
            var chunks: [[UInt8]] = []
            while let chunk = try await chunk() { chunks.append(chunk) }
            message.body = Array(chunks.joined())
            message.chunks = chunks
        } else if let length = message["content-length"] {
            guard let count = Int(length), count >= 0 else { throw MalformedMessage(description: "length \(length)") }
            message.body = try await take(count)
        } else if !isRequest {
            message.body = try await takeAll()
        }
        return message
    }

    /// The next head; nil where the connection ends before one begins.
    package func head() async throws -> RawMessage? {
        var lines: [String] = []
        while let line = try await nextLine(mayEnd: lines.isEmpty) {
            guard !line.isEmpty else {
                guard let startLine = lines.first else { throw MalformedMessage(description: "an empty start line") }
                let fields = try lines.dropFirst().map { line in
                    guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                        throw MalformedMessage(description: "a header line without a name")
                    }
                    let value = line[line.index(after: colon)...].drop { $0 == " " }
                    return (name: String(line[..<colon]), value: String(value))
                }
                return RawMessage(startLine: startLine, fields: fields)
            }
            lines.append(line)
        }
        return nil
    }

    /// The next chunk of a body; nil after the last.
    package func chunk() async throws -> [UInt8]? {
        guard let line = try await nextLine(), let size = Int(line, radix: 16), size >= 0 else {
            throw MalformedMessage(description: "a chunk without its size")
        }
        let bytes = try await take(size)
        guard try await nextLine() == "" else { throw MalformedMessage(description: "a chunk without its end") }
        return size == 0 ? nil : bytes
    }

    private func nextLine(mayEnd: Bool = false) async throws -> String? {
        while true {
            let line: [UInt8]? = buffer.withLock { buffer in
                guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
                defer { buffer.removeFirst(end + 1) }
                return Array(buffer[..<end])
            }
            if let line {
                guard line.last == 0x0D else { throw MalformedMessage(description: "a line that ends without CR") }
                return String(decoding: line.dropLast(), as: UTF8.self)
            }
            guard try await fill() else {
                guard mayEnd, buffer.withLock({ $0.isEmpty }) else { throw MalformedMessage(description: "cut off") }
                return nil
            }
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while buffer.withLock({ $0.count }) < count {
            guard try await fill() else { throw MalformedMessage(description: "cut off in the body") }
        }
        return buffer.withLock { buffer in
            defer { buffer.removeFirst(count) }
            return Array(buffer[..<count])
        }
    }

    private func takeAll() async throws -> [UInt8] {
        while try await fill() {}
        return buffer.withLock { buffer in
            defer { buffer = [] }
            return buffer
        }
    }

    private func fill() async throws -> Bool {
        let piece = try await connection.receive()
        buffer.withLock { $0 += piece }
        return !piece.isEmpty
    }
}
