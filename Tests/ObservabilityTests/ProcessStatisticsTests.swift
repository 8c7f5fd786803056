import OrchCore
import Testing

@testable import OrchObservability

@Suite struct ProcessStatisticsTests {
    /// Fields as in proc(5), with a program's name that tries to look like the rest.
    private let stat =
        "42 (a) R (b) 7 7) S 1 42 42 0 -1 4194560 100 0 0 0 250 150 0 0 20 0 9 0 1000 123456789 512 18446744073709551615"
    private let limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max cpu time              unlimited            unlimited            seconds
        Max open files            1024                 524288               files
        """

    private func read(_ stat: String, limits: String) -> ProcessStatistics? {
        ProcessStatistics(
            stat: stat, limits: limits, openDescriptors: 7, bootTime: 1_700_000_000, ticksPerSecond: 100,
            pageSize: 4096)
    }

    @Test func `The fields are found behind a program's name of any shape`() {
        let statistics = read(stat, limits: limits)
        #expect(
            statistics
                == ProcessStatistics(
                    cpuSeconds: 4, residentBytes: 512 * 4096, openDescriptors: 7, maximumDescriptors: 1024,
                    startTimeSeconds: 1_700_000_010, threads: 9))
    }

    @Test(arguments: ["", "42 (a", "42 (a) S 1 2 3", "1 (x) S 1 2 3 4 5 6 7 8 9 10 b 12 13 14 15 16 17 18 19 20 21 22"])
    func `Texts that are cut or no numbers give nothing`(stat: String) {
        #expect(read(stat, limits: limits) == nil)
    }

    @Test func `No limit of descriptors is no number`() {
        #expect(read(stat, limits: "Max open files            unlimited  unlimited  files")?.maximumDescriptors == nil)
    }

    #if os(Linux)
    @Test func `This process has plausible values`() throws {
        let statistics = try #require(ProcessStatistics.current())
        #expect(statistics.residentBytes > 1 << 20)
        #expect(statistics.openDescriptors >= 3)
        #expect(statistics.threads >= 1)
        let now = Double(wallClock().seconds)
        #expect(statistics.startTimeSeconds < now + 2 && statistics.startTimeSeconds > now - 3600)
    }
    #endif
}
