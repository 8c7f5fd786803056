/// Measures the parts of a request's way, each alone and without a socket or a disk.
///
///     PartsBenchmark              times: nanoseconds an operation, the median of several runs
///     PartsBenchmark PART COUNT   does one part so often, for a profiler
///
/// Times compare within one run on one machine only.
@main
enum PartsBenchmark {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        try await withTaskExecutorPreference(InlineExecutor()) {
            let parts = try Part.all()
            guard let name = arguments.first else { return try await Timing.report(parts) }
            guard arguments.count > 1, let part = parts.first(where: { $0.name == name }),
                let count = Int(arguments[1])
            else {
                print("parts: \(parts.map(\.name).joined(separator: " "))")
                return
            }
            for _ in 0..<count { try await part.run() }
        }
    }
}

/// Runs each job where it is given, so that no thread is changed.
private final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
