import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A server on 127.0.0.1 that does with every connection what its script says.
package final class RawServer: Sendable {
    /// What is done with the connection of this number, counted from 0. Its end closes the connection.
    package typealias Script = @Sendable (_ connection: RawConnection, _ number: Int) async throws -> Void

    private struct State {
        var connections: [RawConnection] = []
        var isClosed = false
    }

    package let port: Int
    private let descriptor: Int32
    private let accepting = DispatchQueue(label: "accepting")
    private let state = Mutex(State())

    private init() throws {
        let descriptor = try RawConnection.makeSocket()
        let bound = RawConnection.withLoopback(port: 0) { bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, 128) == 0 else { throw SocketFailure("listen", errno) }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard named == 0 else { throw SocketFailure("getsockname", errno) }
        self.descriptor = descriptor
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    /// How many connections have come in.
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Runs a server while the body runs.
    package static func run<Value>(
        _ script: @escaping Script, _ body: (RawServer) async throws -> Value
    ) async throws -> Value {
        let server = try RawServer()
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await withDiscardingTaskGroup { scripts in
                    while let (connection, number) = await server.accept() {
                        scripts.addTask {
                            // A script that the test's end cuts short has done its part.
                            try? await script(connection, number)
                            connection.close()
                        }
                    }
                }
            }
            defer { server.close() }
            return try await body(server)
        }
    }

    private func accept() async -> (RawConnection, Int)? {
        await withCheckedContinuation { continuation in
            accepting.async { [self] in continuation.resume(returning: acceptOne()) }
        }
    }

    private func acceptOne() -> (RawConnection, Int)? {
        while !state.withLock({ $0.isClosed }) {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 20) > 0 else { continue }
            let accepted = systemAccept()
            guard accepted >= 0 else { continue }
            RawConnection.prepare(accepted)
            let connection = RawConnection(descriptor: accepted)
            return state.withLock { state in
                state.connections.append(connection)
                return (connection, state.connections.count - 1)
            }
        }
        RawConnection.systemClose(descriptor)
        return nil
    }

    private func systemAccept() -> Int32 {
        #if canImport(Glibc)
        Glibc.accept(descriptor, nil, nil)
        #elseif canImport(Musl)
        Musl.accept(descriptor, nil, nil)
        #else
        Darwin.accept(descriptor, nil, nil)
        #endif
    }

    private func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            return state.connections
        }
        for connection in connections { connection.close() }
    }
}
