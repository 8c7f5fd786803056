import OrchCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Walls by a Docker engine. They are the engine's: its own filter of system calls, and its own Python in an image.
struct DockerBackend: SandboxBackend {
    let name = "docker"
    let client: String
    let image: String
    /// Of the host; whether it is there is looked at for each run.
    let toolFolder: String

    static let places = ["/usr/bin/docker", "/usr/local/bin/docker"]
    /// The image's Python, whoever made the image.
    private static let python = "python3"

    /// A client with an engine behind it, and the image there: nothing is fetched.
    static func find(in places: [String], _ settings: Sandbox.Settings) throws(SandboxError) -> DockerBackend {
        guard let client = places.first(where: SystemFile.isExecutable) else {
            throw SandboxError(.unavailable, "neither bubblewrap nor docker is installed; install bubblewrap")
        }
        let version = try HostCommand.run([client, "version", "--format", "{{.Server.Version}}"], timeout: .seconds(5))
        guard version.exitCode == 0, version.cut == nil else {
            throw SandboxError(
                .unavailable, "docker is there and its engine does not answer; install bubblewrap instead")
        }
        let image = try HostCommand.run([client, "image", "inspect", settings.image], timeout: .seconds(5))
        guard image.exitCode == 0 else {
            throw SandboxError(
                .unavailable, "docker does not have the image of ORCH_SANDBOX_IMAGE; docker pull it first")
        }
        return DockerBackend(
            client: client, image: settings.image,
            toolFolder: settings.toolFolder)
    }

    /// The whole command of a run.
    func arguments(
        _ guest: Guest, _ limits: SandboxLimits, toolFolder: String?, name: String, mark: String
    ) -> [String] {
        var arguments = [
            "docker", "run", "--rm", "--interactive", "--name", name, "--pull", "never", "--network=none",
            "--read-only",
            "--pids-limit", "\(limits.processes)", "--memory", "\(limits.memory)", "--memory-swap", "\(limits.memory)",
            "--cpus", "\(limits.cpuShare)", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--ipc=none",
            "--user", "65534:65534", "--workdir", "/tmp", "--hostname", "sandbox", "--log-driver", "none",
            "--ulimit", "nofile=\(limits.openFiles)", "--ulimit", "fsize=\(limits.fileSize)", "--ulimit", "core=0",
            "--ulimit", "cpu=\(limits.cpuSeconds)",
            "--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=\(limits.temporaryFolder),nr_inodes=4096",
        ]
        if let toolFolder {
            arguments += ["--mount", "type=bind,source=\(toolFolder),target=\(Guest.toolFolder),readonly"]
        }
        return arguments + [image] + guest.command(python: Self.python, mark: mark)
    }

    var isGrouped: Bool { true }

    func run(
        _ guest: Guest, limits: SandboxLimits, cancellation: CInt
    ) throws(SandboxError) -> SandboxRun {
        if case .script = guest {
            throw SandboxError(.unavailable, "a script of one's own runs under bubblewrap alone")
        }
        let toolFolder = SystemFile.folder(toolFolder)
        try guest.check(in: toolFolder)
        let mark = Hexadecimal.encode(RandomBytes.draw(8))
        let container = "orch-sandbox-\(mark)"
        let (output, writeOutput) = try Descriptor.pipe()
        let (errors, writeErrors) = try Descriptor.pipe()
        let input = try Descriptor.memory(guest.input)
        let plan = LaunchPlan(
            path: client, arguments: arguments(guest, limits, toolFolder: toolFolder, name: container, mark: mark))
        let start = ContinuousClock.now
        let started = try plan.start(
            descriptors: [input.number, writeOutput.number, writeErrors.number], groups: [])
        writeOutput.end()
        writeErrors.end()
        var watch = Watch(
            started, stdout: output, stderr: errors, cap: limits.output, deadline: start.advanced(by: limits.wallClock),
            cancellation: cancellation)
        let client = client
        var outcome = watch.finish {
            // The client's end is not the container's.
            _ = try? HostCommand.run([client, "rm", "--force", container], timeout: .seconds(10))
        }
        if outcome.cut == .cancelled { throw SandboxError(.cancelled, "whoever asked has gone") }
        let said = guest.isPython ? GuestReport(takenFrom: &outcome.errors, mark: mark) : nil
        // 125 to 127: the engine could not start it.
        if said == nil, outcome.cut == nil, (125...127).contains(outcome.exitCode) {
            throw outcome.exitCode == 125
                ? SandboxError(.unavailable, "docker cannot start a container here")
                : SandboxError(.commandMissing, "the program is not in the tools' folder, or cannot be started there")
        }
        let end: SandboxRun.End =
            switch outcome.cut {
            case .output: .limit(.output)
            case .timeout: .timeout
            default: said?.limit.map(SandboxRun.End.limit) ?? Self.end(outcome.exitCode)
            }
        var run = SandboxRun(
            end: end, in: name, output: outcome.output, errors: outcome.errors, duration: start.duration(to: .now))
        run.value = said?.value
        run.failure = said?.failure
        return run
    }

    private static func end(_ code: Int) -> SandboxRun.End {
        switch code {
        // The engine's, and the kernel's, where memory is over.
        case 128 + Int(SIGKILL): .limit(.memory)
        case 128 + Int(SIGXCPU): .limit(.cpu)
        default: .exited(code: code)
        }
    }
}
