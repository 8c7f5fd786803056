import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Randomness from the system, drawn from it many bytes at once: asking the kernel for each eight costs more than all
/// else about them.
package enum RandomBytes {
    private static let pool = Mutex(Pool())

    /// Draws some bytes; none is given twice.
    package static func draw(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    /// Draws 64 bits.
    package static func word() -> UInt64 {
        var word: UInt64 = 0
        withUnsafeMutableBytes(of: &word) { fill($0) }
        return word
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        pool.withLock { $0.take(buffer) }
    }

    private struct Pool {
        /// What the system gives at once without ever cutting it short.
        private static let capacity = 256

        private var bytes = [UInt8](repeating: 0, count: capacity)
        private var used = capacity

        mutating func take(_ buffer: UnsafeMutableRawBufferPointer) {
            var rest = buffer[...]
            while !rest.isEmpty {
                if used == Self.capacity { refill() }
                let count = min(rest.count, Self.capacity - used)
                rest.prefix(count).copyBytes(from: bytes[used..<used + count])
                // What was given is not kept: salts are secrets.
                for index in used..<used + count { bytes[index] = 0 }
                used += count
                rest = rest.dropFirst(count)
            }
        }

        private mutating func refill() {
            let failed = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { getentropy($0, buffer.count) != 0 } ?? true
            }
            precondition(!failed, "the system gives no randomness")
            used = 0
        }
    }
}

extension Slice<UnsafeMutableRawBufferPointer> {
    fileprivate func copyBytes(from source: ArraySlice<UInt8>) {
        UnsafeMutableRawBufferPointer(rebasing: self).copyBytes(from: source)
    }
}
