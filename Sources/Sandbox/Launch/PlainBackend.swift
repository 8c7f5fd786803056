import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// No walls at all, for a tool that says that it may run so: its time and its resources are limited, it has no
/// environment and no descriptors, and it sees and may do whatever the server's user may.
struct PlainBackend: SandboxBackend {
    let name = "none"
    let toolFolder: String
    let python: String?
    let groups: Cgroups?

    var isGrouped: Bool { groups != nil }

    func run(
        _ guest: Guest, limits: SandboxLimits, cancellation: CInt
    ) throws(SandboxError) -> SandboxRun {
        guard case .tool(let path, let words, _) = guest else {
            throw SandboxError(.unavailable, "Python code never runs without the sandbox")
        }
        try guest.check(in: toolFolder)
        let file = "\(toolFolder)/\(path)"
        var command = [file] + words
        if guest.isPython {
            guard let python else { throw PythonRuntime.missing }
            command = [python, "-I", file] + words
        }
        guard SystemFile.isExecutable(command[0]) else {
            throw SandboxError(.commandMissing, "the program is not in the tools' folder, or cannot be started there")
        }
        let group = try groups?.makeGroup(limits: limits)
        defer { group?.remove() }
        let (output, writeOutput) = try Descriptor.pipe()
        let (errors, writeErrors) = try Descriptor.pipe()
        let input = try Descriptor.memory(guest.input)
        let start = ContinuousClock.now
        let started = try LaunchPlan(
            path: command[0], arguments: command, limits: limits.resourceLimits(isGrouped: group != nil), niceness: 10
        ).start(
            descriptors: [input.number, writeOutput.number, writeErrors.number], groups: group?.joinDescriptors ?? [])
        writeOutput.end()
        writeErrors.end()
        var watch = Watch(
            started, stdout: output, stderr: errors, cap: limits.output, deadline: start.advanced(by: limits.wallClock),
            cancellation: cancellation)
        let outcome = watch.finish {
            // Its session is a group of processes of its own.
            _ = kill(-started.process, SIGKILL)
            _ = group?.kill()
        }
        if outcome.cut == .cancelled { throw SandboxError(.cancelled, "whoever asked has gone") }
        let (usage, duration) = (group?.usage(), start.duration(to: .now))
        return SandboxRun(
            end: SandboxRun.End(outcome, usage, nil, hasSpun: limits.isSpent(usage, duration)), in: name,
            output: outcome.output, errors: outcome.errors, duration: duration)
    }
}
