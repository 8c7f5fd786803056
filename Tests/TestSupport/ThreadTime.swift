#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much longer a larger input takes, in processor time of this thread, which other work on the machine hardly
/// moves.
package enum ThreadTime {
    /// The ratio of the fastest of several runs each.
    package static func growth(from small: Int, to large: Int, of work: (Int) -> () -> Void) -> Double {
        fastest(work(large)) / fastest(work(small))
    }

    private static func fastest(_ body: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = nanoseconds()
            body()
            best = min(best, Double(nanoseconds() - start))
        }
        return max(best, 1)
    }

    private static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
