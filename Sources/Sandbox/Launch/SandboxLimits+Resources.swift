import CSandbox

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension SandboxLimits {
    /// Processor time of one process, whole seconds: a little less than what its share of processors gives it until its
    /// time is over, so that a program that only counts is told what it used up.
    var cpuSeconds: Int {
        let time = wallClock.components.seconds
        return max(1, Int(Double(time) * min(cpuShare, 1) * 0.8))
    }

    /// Whether a run may have used what a process may use. The kernel holds it to samples, which on a busy machine are
    /// far from the exact time that a group counts. Without a group, its whole duration is what is known.
    func isSpent(_ usage: RunGroup.Usage?, _ duration: Duration) -> Bool {
        guard let time = usage?.cpuTime else { return duration >= .milliseconds(900 * cpuSeconds) }
        return time >= .milliseconds(500 * cpuSeconds)
    }

    /// Where nothing counts the memory of a group: one process alone, whose address space and temporary folder together
    /// are what the memory would be.
    var withoutGroups: SandboxLimits {
        var limits = self
        limits.processes = 1
        limits.temporaryFolder = min(temporaryFolder, memory / 4)
        return limits
    }

    #if os(Linux)
    /// Processes of a user that nobody else is.
    ///
    /// - Parameter launchers: bubblewrap's own.
    func processLimit(besides launchers: Int) -> LaunchPlan.Limit {
        LaunchPlan.Limit(CSANDBOX_LIMIT_NPROC, processes + launchers)
    }

    /// What the kernel holds every process to. A program can lower them, and never raise them.
    ///
    /// - Parameter isGrouped: Whether a group counts the memory. Then the address space is only kept from being absurd.
    func resourceLimits(isGrouped: Bool) -> [LaunchPlan.Limit] {
        func limit(_ resource: __rlimit_resource, _ value: Int) -> LaunchPlan.Limit {
            LaunchPlan.Limit(CInt(resource.rawValue), value)
        }
        return [
            limit(RLIMIT_AS, isGrouped ? max(4 * memory, 1 << 30) : memory - temporaryFolder),
            // The first process inside is not reached by the signal that the lower of the two sends.
            limit(RLIMIT_CPU, cpuSeconds),
            limit(RLIMIT_FSIZE, fileSize),
            limit(RLIMIT_NOFILE, openFiles),
            // 1 and not 0, by which a host that pipes core dumps to a program would still start it.
            limit(RLIMIT_CORE, 1),
            LaunchPlan.Limit(CSANDBOX_LIMIT_MEMLOCK, 0),
            LaunchPlan.Limit(CSANDBOX_LIMIT_MSGQUEUE, 0),
            LaunchPlan.Limit(CSANDBOX_LIMIT_SIGPENDING, 256),
            limit(RLIMIT_STACK, 8 << 20),
            LaunchPlan.Limit(CSANDBOX_LIMIT_NICE, 0),
            LaunchPlan.Limit(CSANDBOX_LIMIT_RTPRIO, 0),
        ]
    }
    #else
    func processLimit(besides launchers: Int) -> LaunchPlan.Limit { LaunchPlan.Limit(0, processes + launchers) }
    func resourceLimits(isGrouped: Bool) -> [LaunchPlan.Limit] { [] }
    #endif
}
