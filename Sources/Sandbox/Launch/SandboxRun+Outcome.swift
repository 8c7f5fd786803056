#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SandboxRun.End {
    /// Why a run ended, by whoever knows best: the server, its control group, Python, the kernel's signal.
    ///
    /// - Parameter hasSpun: Whether it may have used the processor time of one process, for which the kernel kills it.
    init(_ outcome: Watch.Outcome, _ usage: RunGroup.Usage?, _ said: GuestReport?, hasSpun: Bool) {
        if outcome.cut == .output {
            self = .limit(.output)
        } else if let usage, usage.oomKills > 0 {
            self = .limit(.memory)
        } else if let limit = said?.limit {
            self = .limit(limit)
        } else if outcome.cut == nil,
            outcome.exitCode == 128 + Int(SIGXCPU) || hasSpun && outcome.exitCode == 128 + Int(SIGKILL)
        {
            self = .limit(.cpu)
        } else if outcome.cut == nil, outcome.exitCode == 128 + Int(SIGXFSZ) {
            self = .limit(.fileSize)
        } else if let usage, usage.pidsRefused > 0, outcome.cut != nil || outcome.exitCode != 0 {
            self = .limit(.processes)
        } else {
            self = outcome.cut == .timeout ? .timeout : .exited(code: outcome.exitCode)
        }
    }
}
