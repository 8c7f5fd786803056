import OrchCore
import Testing

@testable import OrchSandbox

@Suite("What is written into a run's group")
struct CgroupSettingTests {
    private func settings(
        _ version: Cgroups.Version,
        _ limits: SandboxLimits = SandboxLimits(memory: 64 << 20, cpuShare: 0.5, processes: 32),
        without missing: Set<Cgroups.Controller> = []
    ) throws -> [String] {
        let controllers = Set(Cgroups.Controller.allCases).subtracting(missing)
        return try CgroupSetting.all(limits, version, controllers).map { "\($0.file)=\($0.value)" }
    }

    @Test("Is memory with swap, processes with the launcher's, and a quota of a tenth of a second")
    func values() throws {
        #expect(
            try settings(.v1) == [
                "memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=67108864", "memory.swappiness=0",
                "pids.max=33", "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000",
            ])
        #expect(
            try settings(.v2) == [
                "memory.max=67108864", "memory.swap.max=0", "memory.oom.group=1", "pids.max=33",
                "cpu.max=50000 100000",
            ])
    }

    @Test("Has no processor time where its controller is missing")
    func withoutCPU() throws {
        #expect(try settings(.v2, without: [.cpu]).last == "pids.max=33")
        #expect(try settings(.v1, without: [.cpu, .cpuacct]).last == "pids.max=33")
    }

    @Test(
        "Is a quota that the kernel takes, however small or great the share",
        arguments: [(1e-300, "1000"), (0.01, "1000"), (0.0149, "1490"), (2.5, "250000"), (10_000, "1000000000")])
    func quota(_ share: Double, _ quota: String) throws {
        #expect(try settings(.v2, SandboxLimits(cpuShare: share)).last == "cpu.max=\(quota) 100000")
        #expect(try settings(.v1, SandboxLimits(cpuShare: share)).last == "cpu.cfs_quota_us=\(quota)")
    }

    @Test(
        "Is never something that would lift a limit",
        arguments: [
            SandboxLimits(memory: 0), SandboxLimits(memory: -1), SandboxLimits(memory: .min),
            SandboxLimits(cpuShare: 0), SandboxLimits(cpuShare: -1), SandboxLimits(cpuShare: .nan),
            SandboxLimits(cpuShare: .infinity), SandboxLimits(cpuShare: 10_001), SandboxLimits(processes: 0),
            SandboxLimits(processes: -4), SandboxLimits(processes: .max), SandboxLimits(processes: 1 << 21),
        ])
    func refused(_ limits: SandboxLimits) {
        #expect(throws: SandboxError.self) { try settings(.v1, limits) }
        #expect(throws: SandboxError.self) { try settings(.v2, limits) }
    }
}
