import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes log lines to a file descriptor, each by one write(2). Never throws, never waits for a reader that is gone.
///
/// Where the descriptor does not block and is full, or its reader is gone, lines are dropped and counted. A blocking
/// descriptor does block, as long as its reader lets it. Expects SIGPIPE to be ignored.
package final class LogDescriptor: Sendable {
    private struct State {
        /// Whether the last line lost its end, so that the next must begin with a newline.
        var isTorn = false
        var dropped = 0
    }

    /// How long the rest of a line may wait, once, when a part of it is out.
    private static let waitMilliseconds: Int32 = 10
    private let descriptor: Int32
    /// Held while writing, so that lines of this process do not mix even where the system takes them in parts.
    private let state = Mutex(State())

    /// The descriptor stays the caller's.
    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Lines that were lost, whole or in part.
    package var droppedLines: Int { state.withLock { $0.dropped } }

    /// Writes one line, or drops it.
    package func write(_ line: [UInt8]) {
        state.withLock { state in
            let lead = state.isTorn ? 1 : 0
            let bytes = state.isTorn ? [UInt8(ascii: "\n")] + line : line
            let written = writeAll(bytes)
            if written == bytes.count {
                state.isTorn = false
            } else {
                state.dropped += 1
                state.isTorn = written > lead || (lead == 1 && written == 0)
            }
        }
    }

    /// How many bytes the system took.
    private func writeAll(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            var hasWaited = false
            while offset < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let count = systemWrite(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    offset += count
                } else if count < 0, errno == EINTR {
                    continue
                } else if count < 0, errno == EAGAIN, offset > 0, !hasWaited {
                    hasWaited = true
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&request, 1, Self.waitMilliseconds)
                } else {
                    break
                }
            }
            return offset
        }
    }
}

/// write(2), under a name that a method does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
