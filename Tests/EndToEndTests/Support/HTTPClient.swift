import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

struct HTTPAnswer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { (try? JSON(parsing: body)) ?? JSON(nil) }
    /// The code of an error in OpenAI's form.
    var errorCode: String? { json["error"]["code"].string }
}

/// Speaks HTTP/1.1 to a server on the loopback, a connection for each request; plain enough to trust.
struct HTTPClient: Sendable {
    let port: Int
    var token: String?
    /// Whether it asks the server to keep the connection after the answer.
    var keepsConnections = false

    /// Sends a request and reads its whole answer.
    func send(
        _ method: String = "GET", _ path: String, _ body: [String: Any]? = nil, headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        try await send(method, path, text: body.map(JSON.text), headers: headers)
    }

    func send(
        _ method: String, _ path: String, text: String?, headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        let stream = try await open(method, path, text: text, headers: headers)
        var answer = stream.head
        while let piece = try await stream.next() { answer.body += piece }
        return answer
    }

    /// Sends a request and reads the head of its answer.
    func open(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> HTTPStream {
        try await open(method, path, text: body.map(JSON.text), headers: [:])
    }

    private func open(
        _ method: String, _ path: String, text: String?, headers: [String: String]
    ) async throws -> HTTPStream {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"]
        if !keepsConnections { lines.append("Connection: close") }
        if let token { lines.append("Authorization: Bearer \(token)") }
        if text != nil { lines.append("Content-Type: application/json") }
        if method != "GET" { lines.append("Content-Length: \(text?.utf8.count ?? 0)") }
        lines += headers.map { "\($0.key): \($0.value)" }
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + (text ?? "")).utf8)
        let port = self.port
        return try await offPool { try HTTPStream(port: port, request: request) }
    }
}

/// An answer whose body is read piece by piece.
final class HTTPStream: Sendable {
    let head: HTTPAnswer
    private let connection: Mutex<Connection>

    fileprivate init(port: Int, request: [UInt8]) throws {
        var connection = try Connection(port: port)
        do {
            try connection.send(request)
            head = try connection.readHead()
        } catch {
            connection.close()
            throw error
        }
        self.connection = Mutex(connection)
    }

    deinit { connection.withLock { $0.close() } }

    /// The next piece of the body; nil at its end.
    ///
    /// - Throws: Where the connection broke off before that.
    func next() async throws -> [UInt8]? {
        try await offPool { [self] in try connection.withLock { try $0.readPiece() } }
    }

    /// The next event of a stream of events, without its frame; nil at the end.
    func nextEvent() async throws -> String? {
        while true {
            if let event = connection.withLock({ $0.takeEvent() }) { return event }
            guard let piece = try await next() else { return nil }
            connection.withLock { $0.events += piece }
        }
    }

    /// All events that are still to come.
    func events() async throws -> [String] {
        var all: [String] = []
        while let event = try await nextEvent() { all.append(event) }
        return all
    }

    /// Goes away without reading the rest.
    func close() { connection.withLock { $0.close() } }
}

private struct Connection {
    private static let patience = timeval(tv_sec: 120, tv_usec: 0)

    private var descriptor: Int32
    private var bytes: [UInt8] = []
    private var remaining: Int?
    private var isChunked = false
    private var isOver = false
    var events: [UInt8] = []

    init(port: Int) throws {
        #if os(Linux)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var patience = Self.patience
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard status == 0 else {
            let reason = String(cString: strerror(errno))
            close()
            throw TestFailure("no connection to port \(port): \(reason)")
        }
    }

    mutating func close() {
        if descriptor >= 0 { _ = Foundation.close(descriptor) }
        descriptor = -1
    }

    func send(_ request: [UInt8]) throws {
        var rest = request[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("the server took no more: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    mutating func readHead() throws -> HTTPAnswer {
        let words = try line().split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw TestFailure("no HTTP answer") }
        var headers: [String: String] = [:]
        while case let line = try line(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        isChunked = headers["transfer-encoding"] == "chunked"
        remaining = headers["content-length"].flatMap(Int.init)
        return HTTPAnswer(status: status, headers: headers, body: [])
    }

    mutating func readPiece() throws -> [UInt8]? {
        guard !isOver else { return nil }
        if isChunked {
            guard let size = Int(try line(), radix: 16) else { throw TestFailure("a chunk without a size") }
            let piece = try take(size)
            _ = try line()
            isOver = size == 0
            return isOver ? nil : piece
        }
        isOver = true
        return try take(remaining ?? 0)
    }

    mutating func takeEvent() -> String? {
        guard let end = events.firstRange(of: Array("\n\n".utf8)) else { return nil }
        defer { events.removeFirst(end.upperBound) }
        let text = String(decoding: events[..<end.lowerBound], as: UTF8.self)
        return text.hasPrefix("data: ") ? String(text.dropFirst(6)) : text
    }

    private mutating func line() throws -> String {
        while true {
            if let end = bytes.firstRange(of: Array("\r\n".utf8)) {
                defer { bytes.removeFirst(end.upperBound) }
                return String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            }
            try receive()
        }
    }

    private mutating func take(_ count: Int) throws -> [UInt8] {
        while bytes.count < count { try receive() }
        defer { bytes.removeFirst(count) }
        return Array(bytes[..<count])
    }

    private mutating func receive() throws {
        var part = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else {
            throw TestFailure("the connection ended early\(count < 0 ? ": \(String(cString: strerror(errno)))" : "")")
        }
        bytes += part[..<count]
    }
}
