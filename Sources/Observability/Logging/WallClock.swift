package import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The time of day by the system's clock.
package let wallClock: Now = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
}

extension LogLine {
    /// Appends RFC 3339 in UTC with milliseconds.
    mutating func append(time: Timestamp) {
        append(time.description.prefix(23))
        append("Z")
    }
}
