import Dispatch
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a descriptor line by line, or as it comes, on a thread of its own, since a person may take their time.
final class LineReader: Sendable {
    /// The longest line.
    static let maximumBytes = 1_048_576
    /// How soon a cancelled read ends.
    private static let pollMilliseconds: CInt = 200

    private struct State {
        var bytes: [UInt8] = []
        var searched = 0
        var isAtEnd = false
    }

    private let descriptor: FileDescriptor
    private let queue = DispatchQueue(label: "orch.line-reader")
    private let state = Mutex(State())

    init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    /// The next line without its line feed; nil at the end. Bytes that are not UTF-8 become U+FFFD.
    func next() async throws -> String? {
        try await onQueue { [self] cancelled in try read(until: cancelled) }
    }

    /// The bytes that come next, as many as there are at the moment; nil at the end.
    func nextPiece() async throws -> [UInt8]? {
        try await onQueue { [self] cancelled in try readPiece(until: cancelled) }
    }

    private func onQueue<Value: Sendable>(
        _ read: @escaping @Sendable (_ cancelled: Flag) throws -> Value
    ) async throws -> Value {
        let cancelled = Flag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try read(cancelled) }) }
            }
        } onCancel: {
            cancelled.isSet.store(true, ordering: .relaxed)
        }
    }

    /// A flag that two closures share.
    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private func read(until cancelled: Flag) throws -> String? {
        while true {
            if let line = state.withLock({ Self.takeLine(&$0) }) { return line }
            if state.withLock({ $0.isAtEnd }) { return nil }
            guard !cancelled.isSet.load(ordering: .relaxed) else { throw CancellationError() }
            guard try isReadable() else { continue }
            let chunk = try chunk()
            try state.withLock { state in
                state.isAtEnd = chunk.isEmpty
                state.bytes += chunk
                guard state.bytes.count <= Self.maximumBytes + chunk.count else {
                    throw CommandFailure(
                        .malformedData, "a line of the input is longer than \(Self.maximumBytes) bytes")
                }
            }
        }
    }

    private func readPiece(until cancelled: Flag) throws -> [UInt8]? {
        let waiting = state.withLock { state in
            defer { state = State(isAtEnd: state.isAtEnd) }
            return state.bytes
        }
        guard waiting.isEmpty else { return waiting }
        while !state.withLock({ $0.isAtEnd }) {
            guard !cancelled.isSet.load(ordering: .relaxed) else { throw CancellationError() }
            guard try isReadable() else { continue }
            let chunk = try chunk()
            guard chunk.isEmpty else { return chunk }
            state.withLock { $0.isAtEnd = true }
        }
        return nil
    }

    private func isReadable() throws -> Bool {
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        let count = poll(&request, 1, Self.pollMilliseconds)
        guard count >= 0 || errno == EINTR else { throw Errno(rawValue: errno) }
        return count > 0
    }

    private func chunk() throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private static func takeLine(_ state: inout State) -> String? {
        guard let end = state.bytes[state.searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            state.searched = state.bytes.count
            guard state.isAtEnd, !state.bytes.isEmpty else { return nil }
            defer { state = State(isAtEnd: true) }
            return String(decoding: state.bytes, as: UTF8.self)
        }
        let line = String(decoding: state.bytes[..<end], as: UTF8.self)
        state.bytes.removeFirst(end + 1)
        state.searched = 0
        return line
    }
}
