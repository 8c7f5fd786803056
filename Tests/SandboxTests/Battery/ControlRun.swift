import OrchCore

@testable import OrchSandbox

#if canImport(Glibc)
import Glibc
#endif

/// A run of an attempt in a sandbox that lacks some of its walls.
struct ControlRun {
    private let weaknesses: Set<Weakness>
    private let canaries: Canaries
    private let planted: ToolFolder
    private let backend: BubblewrapBackend

    init(_ weaknesses: Set<Weakness>) throws {
        self.weaknesses = weaknesses
        // A home that whoever runs inside may reach.
        canaries = try Canaries(home: "/var/tmp", plantsVariable: false)
        backend = try Machine().bubblewrap(
            Sandbox.Settings(choice: .bubblewrap, toolFolder: canaries.toolFolder))
        planted = ToolFolder([
            "file": canaries.text, "program": "#!\(backend.arguments.python.executable)\nraise SystemExit(0)\n",
            "hosts": "127.0.0.1 example.com\n", "known.py": "print('known')\n",
        ])
        mkdir(planted.path + "/folder", 0o777)
        // Whoever runs inside writes here where a wall is missing.
        for name in ["", "/folder", "/file", "/known.py"] { chmod(planted.path + name, 0o777) }
        for path in [canaries.fixture.temporaryFile, canaries.fixture.homeFile] { chmod(path, 0o666) }
    }

    func output(of attempt: EscapeAttempt) throws -> [UInt8] {
        defer { removeFolder() }
        var fixture = canaries.fixture
        if weaknesses.contains(.lowBound) { fixture.boundDivisor = 512 }
        if weaknesses.contains(.nearAddresses) {
            fixture.publicAddresses = [fixture.tcpAddress]
            fixture.resolvers = [fixture.udpAddress]
        }
        let limits = EscapeBattery.limits
        let (status, writeStatus) = try Descriptor.pipe()
        let (output, writeOutput) = try Descriptor.pipe()
        let (errors, writeErrors) = try Descriptor.pipe()
        var descriptors = [
            try Descriptor.memory([]), writeOutput, writeErrors, try Descriptor.memory(backend.filter), writeStatus,
        ]
        var passed = BubblewrapArguments.Passed()
        passed.script = descriptors.count
        descriptors.append(try Descriptor.memory(Array(attempt.program(fixture).utf8)))
        if weaknesses.contains(.inheritedDescriptor) {
            descriptors.append(Descriptor(owning: open(fixture.temporaryFile, O_RDONLY | O_CLOEXEC)))
        }
        let options = Weakness.weaken(
            backend.arguments.options(limits, passed, toolFolder: canaries.toolFolder), by: weaknesses,
            Weakness.Places(
                canaries: [fixture.temporaryFile, fixture.homeFile], socket: fixture.unixSocket,
                folder: planted.path + "/folder", file: planted.path + "/file", program: planted.path + "/program",
                hosts: planted.path + "/hosts", tools: planted.path,
                variable: (fixture.variable, canaries.text)))
        let group = try backend.groups?.makeGroup(limits: limits)
        let plan = LaunchPlan(
            path: backend.launcher,
            arguments: ["bwrap"] + options + ["--"]
                // Not by way of guest.py, which takes the environment away.
                + [backend.arguments.python.executable, "-I", "-S", Guest.scriptPath],
            limits: weaknesses.contains(.noLimits) ? [] : limits.resourceLimits(isGrouped: group != nil),
            user: backend.users.map { UInt32.random(in: $0) })
        let started = try plan.start(descriptors: descriptors.map(\.number), groups: group?.joinDescriptors ?? [])
        for end in [writeStatus, writeOutput, writeErrors] { end.end() }
        var watch = Watch(
            started, stdout: output, stderr: errors, cap: 4 << 20, deadline: .now.advanced(by: .seconds(15)),
            cancellation: -1)
        var report = StatusReport(status)
        let outcome = watch.finish(stop: { report.end(started) }, end: { _ = group?.kill() })
        group?.remove()
        return outcome.output + outcome.errors
    }

    private func removeFolder() {
        rmdir(planted.path + "/folder")
    }
}
