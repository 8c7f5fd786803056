import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A TCP connection held by hand: bytes go out as they are told to, and come back as they came.
///
/// Every operation waits on a thread of the connection's own, so that no test keeps the program's threads waiting.
package final class RawConnection: Sendable {
    /// How long any wait may last; it is reached only where something hangs.
    package static let patience = Duration.seconds(30)

    private struct State {
        var descriptor: Int32
        var isClosed = false
    }

    private let state: Mutex<State>
    private let reading = DispatchQueue(label: "reading")
    private let writing = DispatchQueue(label: "writing")

    init(descriptor: Int32) {
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { close() }

    /// Connects to a port of 127.0.0.1.
    ///
    /// - Parameter receiveBuffer: The kernel's buffer for what is not read yet; nil leaves the choice to it.
    package static func connect(port: Int, receiveBuffer: Int32? = nil) throws -> RawConnection {
        let descriptor = try makeSocket()
        if let receiveBuffer {
            var size = receiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let result = withLoopback(port: port) { Self.systemConnect(descriptor, $0, $1) }
        guard result == 0 else {
            systemClose(descriptor)
            throw SocketFailure("connect", errno)
        }
        return RawConnection(descriptor: descriptor)
    }

    // MARK: Sending

    package func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) async throws {
        try await onQueue(writing) { descriptor in
            var sent = 0
            while sent < bytes.count {
                try Self.wait(descriptor, for: Int16(POLLOUT), upTo: Self.patience)
                let count = bytes.withUnsafeBytes { raw in
                    Self.systemSend(descriptor, raw.baseAddress.map { $0 + sent }, bytes.count - sent)
                }
                guard count >= 0 else {
                    if errno == EAGAIN || errno == EINTR { continue }
                    throw SocketFailure("send", errno)
                }
                sent += count
            }
        }
    }

    /// Sends as much as goes out without the other side reading, up to a number of bytes.
    ///
    /// - Parameter quiet: How long nothing may go out before the other side counts as not reading.
    package func sendUntilStalled(_ bytes: [UInt8], upTo maximum: Int, quiet: Duration) async throws -> Int {
        try await onQueue(writing) { descriptor in
            var sent = 0
            while sent < maximum {
                do { try Self.wait(descriptor, for: Int16(POLLOUT), upTo: quiet) } catch { return sent }
                let count = bytes.withUnsafeBytes { Self.systemSend(descriptor, $0.baseAddress, bytes.count) }
                guard count >= 0 else {
                    if errno == EAGAIN || errno == EINTR { continue }
                    throw SocketFailure("send", errno)
                }
                sent += count
            }
            return sent
        }
    }

    // MARK: Receiving

    /// The next bytes, at most so many; empty at the end.
    package func receive(atMost maximum: Int = 65_536, within limit: Duration = patience) async throws -> [UInt8] {
        try await onQueue(reading) { descriptor in
            while true {
                try Self.wait(descriptor, for: Int16(POLLIN), upTo: limit)
                var count = 0
                let bytes = [UInt8](unsafeUninitializedCapacity: maximum) { buffer, initialized in
                    count = recv(descriptor, buffer.baseAddress, maximum, 0)
                    initialized = max(0, count)
                }
                if count < 0, errno == EAGAIN || errno == EINTR { continue }
                guard count >= 0 else { throw SocketFailure("recv", errno) }
                return bytes
            }
        }
    }

    /// All bytes until the other side closes, however it does that.
    package func receiveToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            do {
                let piece = try await receive()
                guard !piece.isEmpty else { return all }
                all += piece
            } catch let failure as SocketFailure where failure.isReset {
                return all
            }
        }
    }

    /// Whether the other side closes, by end or reset, before anything else comes.
    package func isClosedByPeer(within limit: Duration = patience) async -> Bool {
        do { return try await receive(within: limit).isEmpty } catch {
            return (error as? SocketFailure)?.isReset ?? false
        }
    }

    // MARK: Closing

    /// Says that nothing more will be sent, and goes on receiving.
    package func closeOutput() {
        _ = state.withLock { shutdown($0.descriptor, Int32(SHUT_WR)) }
    }

    package func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            shutdown(state.descriptor, Int32(SHUT_RDWR))
            let descriptor = state.descriptor
            // Whoever waits on the descriptor must wake before its number is given away again.
            reading.async { [writing] in writing.async { Self.systemClose(descriptor) } }
        }
    }

    /// Closes with a reset instead of an end.
    package func reset() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(state.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            Self.systemClose(state.descriptor)
        }
    }

    // MARK: Waiting

    private func onQueue<Value: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable (Int32) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                let descriptor = state.withLock { $0.isClosed ? nil : $0.descriptor }
                guard let descriptor else {
                    continuation.resume(throwing: SocketFailure("use", EBADF))
                    return
                }
                continuation.resume(with: Result { try body(descriptor) })
            }
        }
    }

    private static func wait(_ descriptor: Int32, for events: Int16, upTo limit: Duration) throws {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        let milliseconds = limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000
        while true {
            let result = poll(&entry, 1, Int32(clamping: milliseconds))
            if result < 0, errno == EINTR { continue }
            guard result != 0 else { throw SocketFailure("poll", ETIMEDOUT) }
            return
        }
    }

    // MARK: The system

    static func makeSocket() throws -> Int32 {
        #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &one, socklen_t(MemoryLayout<Int32>.size))
        #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw SocketFailure("socket", errno) }
        prepare(descriptor)
        return descriptor
    }

    static func prepare(_ descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    static func withLoopback<Result>(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func systemConnect(
        _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
    ) -> Int32 {
        #if canImport(Glibc)
        Glibc.connect(descriptor, address, length)
        #elseif canImport(Musl)
        Musl.connect(descriptor, address, length)
        #else
        Darwin.connect(descriptor, address, length)
        #endif
    }

    private static func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        #elseif canImport(Musl)
        Musl.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        #else
        Darwin.send(descriptor, bytes, count, MSG_DONTWAIT)
        #endif
    }

    static func systemClose(_ descriptor: Int32) {
        #if canImport(Glibc)
        Glibc.close(descriptor)
        #elseif canImport(Musl)
        Musl.close(descriptor)
        #else
        Darwin.close(descriptor)
        #endif
    }
}

/// What the system said to a call on a socket.
package struct SocketFailure: Error, CustomStringConvertible {
    package let call: String
    package let number: Int32

    init(_ call: String, _ number: Int32) {
        self.call = call
        self.number = number
    }

    package var isReset: Bool { number == ECONNRESET || number == EPIPE }
    package var isTimeout: Bool { number == ETIMEDOUT }
    package var description: String { "\(call): errno \(number)" }
}
