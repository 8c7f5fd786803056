#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a crash leaves behind: no memory. Prompts, answers and keys are in it.
enum CrashOutput {
    private static let signals = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGTRAP]

    /// Takes away Swift's report of a crash, which prints what registers point at, and core files.
    ///
    /// Who sets SWIFT_BACKTRACE asks for that report and gets it; of core files none is written all the same.
    static func withholdMemory() {
        // Of one byte, which no core fits into: with none, Linux would still hand cores to a program that collects them.
        var none = rlimit(rlim_cur: 1, rlim_max: 1)
        #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #else
        setrlimit(RLIMIT_CORE, &none)
        #endif
        guard getenv("SWIFT_BACKTRACE") == nil else { return }
        for signal in signals { Self.restore(signal) }
    }

    private static func restore(_ number: Int32) { signal(number, SIG_DFL) }
}
