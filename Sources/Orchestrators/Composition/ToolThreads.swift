import Dispatch

/// Threads for tools: one that keeps its thread for long, though it should not, keeps it from no request.
final class ToolThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "orch.tools", attributes: .concurrent)

    /// Runs what blocks, apart from the threads that must not.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
