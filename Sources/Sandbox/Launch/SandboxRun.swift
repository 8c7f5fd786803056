/// What became of a program in the sandbox.
package struct SandboxRun: Sendable, Hashable {
    /// Why it ended.
    package enum End: Sendable, Hashable {
        /// By itself, or by a signal: then the code is 128 and the signal's number. Programs are the first process
        /// inside, which signals of its own making do not reach unless it handles them; a crash does.
        case exited(code: Int)
        /// It wanted more than it may have.
        case limit(Limit)
        /// Its time was over.
        case timeout

        /// Whether something outside of the program ended it.
        package var isKill: Bool { [.timeout, .limit(.output), .limit(.memory), .limit(.cpu)].contains(self) }

        /// The word for records: `exit`, `timeout`, or the limit's.
        package var word: String {
            switch self {
            case .exited: "exit"
            case .limit(let limit): limit.rawValue
            case .timeout: "timeout"
            }
        }
    }

    /// What a program can use up.
    package enum Limit: String, Sendable, Hashable, CaseIterable {
        case memory, processes, cpu, output, disk
        case fileSize = "file_size"
        case openFiles = "open_files"
    }

    package var end: End
    /// The word for the walls that it ran in: `bubblewrap`, `docker`, or `none`.
    package var backend: String
    package var output: [UInt8]
    package var errors: [UInt8]
    /// Of Python: what the expression is worth, as `repr` writes it.
    package var value: String?
    /// Of Python: the traceback of what nobody caught.
    package var failure: String?
    /// From start to end.
    package var duration: Duration
    /// Bytes that the group had at most, where it was counted.
    package var peakMemory: Int?
    package var cpuTime: Duration?

    package init(
        end: End, in backend: String, output: [UInt8] = [], errors: [UInt8] = [], duration: Duration = .zero
    ) {
        self.end = end
        self.backend = backend
        self.output = output
        self.errors = errors
        self.duration = duration
    }
}
