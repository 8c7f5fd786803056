/// What the kernel knows of this process, read from /proc/self. Linux only; elsewhere there is nothing to read.
package struct ProcessStatistics: Sendable, Equatable {
    /// User and system time.
    package var cpuSeconds: Double
    package var residentBytes: UInt64
    package var openDescriptors: Int
    /// The soft limit; nil where there is none.
    package var maximumDescriptors: UInt64?
    /// Seconds since the Unix epoch.
    package var startTimeSeconds: Double
    package var threads: Int
}

#if os(Linux)
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension ProcessStatistics {
    private static let boot = ProcessFile.read("/proc/stat").flatMap(bootTime)

    /// Reads the present values: two small files and one directory.
    package static func current() -> ProcessStatistics? {
        guard let stat = ProcessFile.read("/proc/self/stat"), let limits = ProcessFile.read("/proc/self/limits"),
            let descriptors = ProcessFile.entryCount("/proc/self/fd"), let boot
        else { return nil }
        return ProcessStatistics(
            stat: stat, limits: limits, openDescriptors: descriptors, bootTime: boot,
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), pageSize: UInt64(sysconf(Int32(_SC_PAGESIZE))))
    }
}
#else
extension ProcessStatistics {
    /// Nothing: there is no /proc here.
    package static func current() -> ProcessStatistics? { nil }
}
#endif

extension ProcessStatistics {
    /// Takes the values out of the texts of proc(5).
    init?(
        stat: String, limits: String, openDescriptors: Int, bootTime: Double, ticksPerSecond: Double, pageSize: UInt64
    ) {
        // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
        guard ticksPerSecond > 0, let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
        // Fields count from 1 in the manual page; the third is at 0 here.
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let threads = Int(fields[17]), let start = Double(fields[19]), let pages = UInt64(fields[21])
        else { return nil }
        cpuSeconds = (user + system) / ticksPerSecond
        residentBytes = pages * pageSize
        self.openDescriptors = openDescriptors
        maximumDescriptors = Self.softLimit(of: "Max open files", in: limits)
        startTimeSeconds = bootTime + start / ticksPerSecond
        self.threads = threads
    }

    static func softLimit(of name: String, in limits: String) -> UInt64? {
        let line = limits.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").first.flatMap { UInt64($0) }
    }

    static func bootTime(_ systemStat: String) -> Double? {
        let line = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }
}
