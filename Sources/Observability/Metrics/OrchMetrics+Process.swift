/// The customary names of process metrics. Their series exist only where `ProcessStatistics` can be read.
extension OrchMetrics {
    static let process = [cpuSeconds, residentMemory, openDescriptors, maximumDescriptors, startTime, threads]

    static let cpuSeconds = MetricDescriptor(
        "process_cpu_seconds_total", .counter, help: "User and system CPU seconds spent by the process.")
    static let residentMemory = MetricDescriptor(
        "process_resident_memory_bytes", .gauge, help: "Resident memory in bytes.")
    static let openDescriptors = MetricDescriptor("process_open_fds", .gauge, help: "Open file descriptors.")
    static let maximumDescriptors = MetricDescriptor(
        "process_max_fds", .gauge, help: "Soft limit of open file descriptors.")
    static let startTime = MetricDescriptor(
        "process_start_time_seconds", .gauge, help: "Start of the process, in seconds since the Unix epoch.")
    static let threads = MetricDescriptor("process_threads", .gauge, help: "Threads of the process.")
}
