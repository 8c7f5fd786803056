extension RunGroup {
    /// What a run has used, as far as the kernel counts it.
    package struct Usage: Sendable, Hashable {
        /// Of all processors together. v1 counts it where the cpuacct controller is there.
        package var cpuTime: Duration?
        /// Bytes, at the most at any time. v2 knows it since Linux 5.19.
        package var peakMemory: Int?
        /// Processes that the kernel ended because the group's memory was used up.
        package var oomKills: Int
        /// Processes and threads that were not started because there were as many as may be.
        package var pidsRefused: Int
    }

    var cpuTime: Duration? {
        switch version {
        case .v1: number(in: "cpuacct.usage", of: .cpuacct).map { .nanoseconds($0) }
        case .v2: number(of: "usage_usec", in: "cpu.stat", of: .memory).map { .microseconds($0) }
        }
    }

    var peakMemory: Int? {
        number(in: version == .v1 ? "memory.max_usage_in_bytes" : "memory.peak", of: .memory)
    }

    var oomKills: Int {
        switch version {
        case .v1:
            // Linux before 4.13 does not count them, only how often memory was asked for beyond the limit.
            number(of: "oom_kill", in: "memory.oom_control", of: .memory)
                ?? min(1, number(in: "memory.failcnt", of: .memory) ?? 0)
        case .v2: number(of: "oom_kill", in: "memory.events", of: .memory) ?? 0
        }
    }

    var refusedForks: Int { number(of: "max", in: "pids.events", of: .pids) ?? 0 }

    private func number(in file: String, of controller: Cgroups.Controller) -> Int? {
        text(of: file, controller).flatMap { Int($0.prefix { !$0.isWhitespace }) }
    }

    /// The number behind a word at a line's start.
    private func number(of key: String, in file: String, of controller: Cgroups.Controller) -> Int? {
        for line in text(of: file, controller)?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: " ")
            if fields.count == 2, fields[0] == key { return Int(fields[1]) }
        }
        return nil
    }

    private func text(of file: String, _ controller: Cgroups.Controller) -> String? {
        guard let hierarchy = hierarchies.first(where: { $0.controllers.contains(controller) }),
            let bytes = try? hierarchy.directory.contents("\(name)/\(file)")
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
