import CSandbox
import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Walls by bubblewrap: namespaces, a filter of system calls, control groups and resource limits.
struct BubblewrapBackend: SandboxBackend {
    let name = "bubblewrap"
    let launcher: String
    let arguments: BubblewrapArguments
    /// Of the host; whether it is there is looked at for each run.
    let toolFolder: String
    let filter: [UInt8]
    /// nil where they may not be used; then a program runs alone, in its address space.
    let groups: Cgroups?
    /// Of root's server: the users that programs run as, one drawn for each run. Nobody else has these numbers.
    let users: ClosedRange<UInt32>?

    /// Where bubblewrap is looked for.
    static let places = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"]

    var isGrouped: Bool { groups != nil }

    func run(
        _ guest: Guest, limits: SandboxLimits, cancellation: CInt
    ) throws(SandboxError) -> SandboxRun {
        let toolFolder = SystemFile.folder(toolFolder)
        try guest.check(in: toolFolder)
        let limits = groups == nil ? limits.withoutGroups : limits
        let group = try groups?.makeGroup(limits: limits)
        defer { group?.remove() }
        let mark = Hexadecimal.encode(RandomBytes.draw(8))

        let (status, writeStatus) = try Descriptor.pipe()
        let (block, unblock) = try Descriptor.socketPair()
        let (output, writeOutput) = try Descriptor.pipe()
        let (errors, writeErrors) = try Descriptor.pipe()
        let input = try Descriptor.memory(guest.input)
        let filter = try Descriptor.memory(self.filter)
        var passed = BubblewrapArguments.Passed()
        var descriptors = [input, writeOutput, writeErrors, filter, writeStatus]
        // Without a group, processes are counted by user: root's runs have each their own from the start; of another
        // user, who has further processes, those in the namespace count alone, once there is one.
        let waits = group == nil && users == nil
        if waits {
            passed.block = descriptors.count
            descriptors.append(block)
        }
        if case .script(let text, _) = guest {
            passed.script = descriptors.count
            descriptors.append(try Descriptor.memory(text))
        }
        var plan = LaunchPlan(
            path: launcher,
            arguments: ["bwrap"] + arguments.options(limits, passed, toolFolder: toolFolder) + ["--"]
                + guest.command(python: arguments.python.executable, mark: mark),
            limits: limits.resourceLimits(isGrouped: group != nil),
            user: users.map { UInt32.random(in: $0) }, niceness: 10)
        if group == nil, users != nil { plan.limits.append(limits.processLimit(besides: 1)) }

        let start = ContinuousClock.now
        let started = try plan.start(descriptors: descriptors.map(\.number), groups: group?.joinDescriptors ?? [])
        writeStatus.end()
        writeOutput.end()
        writeErrors.end()
        block.end()
        var report = StatusReport(status)
        if waits, !limitProcesses(to: limits.processes, &report, unblock) {
            // It would start as soon as nobody can wake it any more, whether bubblewrap is there or not.
            report.end(started)
            started.kill()
        }
        unblock.end()

        var watch = Watch(
            started, stdout: output, stderr: errors, cap: limits.output, deadline: start.advanced(by: limits.wallClock),
            cancellation: cancellation)
        var outcome = watch.finish(stop: { report.end(started) }, end: { _ = group?.kill() })
        report.read()
        let duration = start.duration(to: .now)
        if outcome.cut == .cancelled { throw SandboxError(.cancelled, "whoever asked has gone") }
        let usage = group?.usage()
        // Where memory is over, the kernel may end bubblewrap too, which then says nothing.
        guard report.hasStarted || outcome.cut != nil || (usage?.oomKills ?? 0) > 0 else {
            throw Self.refusal(outcome.errors, guest)
        }
        let said = guest.isPython ? GuestReport(takenFrom: &outcome.errors, mark: mark) : nil
        var run = SandboxRun(
            end: SandboxRun.End(outcome, usage, said, hasSpun: limits.isSpent(usage, duration)), in: name,
            output: outcome.output, errors: outcome.errors, duration: duration)
        run.value = said?.value
        run.failure = said?.failure
        run.peakMemory = usage?.peakMemory
        run.cpuTime = usage?.cpuTime
        return run
    }

    /// Lets the program start once its processes are limited; false where that cannot be.
    private func limitProcesses(
        to count: Int, _ report: inout StatusReport, _ unblock: Descriptor
    ) -> Bool {
        guard let child = report.waitForChild() else { return false }
        guard csandbox_limit_processes(child, UInt64(count)) == 0 else { return false }
        return csandbox_wake(unblock.number) == 0
    }
}
