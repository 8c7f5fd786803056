/// Measures the parts of a request's way, each alone and without a socket or a disk.
///
///     PartsBenchmark              times: nanoseconds an operation, the median of several runs
///     PartsBenchmark PART COUNT   does one part so often, for a profiler and for scripts/count-parts
///     PartsBenchmark --list       the names of the parts
///
/// Times compare within one run on one machine only; counts of instructions and allocations are the same everywhere.
@main
enum PartsBenchmark {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        try await withTaskExecutorPreference(InlineExecutor()) {
            let parts = try Part.all()
            guard let name = arguments.first else { return try await Timing.report(parts) }
            let names = parts.map(\.name).joined(separator: " ")
            if name == "--list" { return print(names) }
            guard arguments.count == 2, let part = parts.first(where: { $0.name == name }),
                let count = Int(arguments[1])
            else {
                throw UsageError(description: "usage: PartsBenchmark [--list | PART COUNT]; parts: \(names)")
            }
            for _ in 0..<count { try await part.run() }
        }
    }
}

private struct UsageError: Error, CustomStringConvertible {
    let description: String
}

/// Runs each job where it is given, so that no thread is changed.
private final class InlineExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
