/// The series of process metrics, filled at each scrape.
struct ProcessSeries: Sendable {
    private let cpu = CounterSeries(name: OrchMetrics.cpuSeconds.name, labels: "")
    private let resident = GaugeSeries(name: OrchMetrics.residentMemory.name, labels: "")
    private let open = GaugeSeries(name: OrchMetrics.openDescriptors.name, labels: "")
    private let maximum = GaugeSeries(name: OrchMetrics.maximumDescriptors.name, labels: "")
    private let start = GaugeSeries(name: OrchMetrics.startTime.name, labels: "")
    private let threads = GaugeSeries(name: OrchMetrics.threads.name, labels: "")

    var all: [any MetricSeries] { [cpu, resident, open, maximum, start, threads] }

    func update(_ statistics: ProcessStatistics) {
        cpu.store(statistics.cpuSeconds)
        resident.set(Double(statistics.residentBytes))
        open.set(Double(statistics.openDescriptors))
        maximum.set(statistics.maximumDescriptors.map { Double($0) } ?? .infinity)
        start.set(statistics.startTimeSeconds)
        threads.set(Double(statistics.threads))
    }
}
