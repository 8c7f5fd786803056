/// What one run may use at most.
package struct SandboxLimits: Sendable, Hashable {
    /// From start to end, watched from outside.
    package var wallClock: Duration
    /// Bytes of memory of the whole group of processes.
    package var memory: Int
    /// Processors, as a ratio: 0.5 is half of one.
    package var cpuShare: Double
    /// Processes and threads at a time.
    package var processes: Int
    package var openFiles: Int
    /// Bytes of one file.
    package var fileSize: Int
    /// Bytes of the temporary folder.
    package var temporaryFolder: Int
    /// Bytes of standard output, and of standard error.
    package var output: Int

    package init(
        wallClock: Duration = .seconds(10), memory: Int = 256 << 20, cpuShare: Double = 0.5, processes: Int = 32,
        openFiles: Int = 64, fileSize: Int = 16 << 20, temporaryFolder: Int = 32 << 20, output: Int = 1 << 20
    ) {
        self.wallClock = wallClock
        self.memory = memory
        self.cpuShare = cpuShare
        self.processes = processes
        self.openFiles = openFiles
        self.fileSize = fileSize
        self.temporaryFolder = temporaryFolder
        self.output = output
    }
}
