#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Randomness from the system.
package enum RandomBytes {
    /// Draws up to 256 bytes at once, where the system's generator of words would be asked for each eight.
    package static func draw(_ count: Int) -> [UInt8] {
        precondition(count <= 256)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Up to 256 bytes it is never cut short, and fails only where the system has no generator at all.
            let failed = buffer.baseAddress.map { getentropy($0, count) != 0 } ?? (count > 0)
            precondition(!failed, "the system gives no randomness")
            initialized = count
        }
    }
}
