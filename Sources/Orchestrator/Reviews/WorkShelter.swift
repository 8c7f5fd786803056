import OrchApprovals
import Synchronization

/// Where work goes on that must not end with the request that began it.
///
/// Requests hand their work over and wait for it; ``run()`` does it. A request that is cancelled leaves its work behind,
/// which comes to its own end.
package final class WorkShelter: Sendable {
    private typealias Work = @Sendable () async -> Void

    private let works: AsyncStream<Work>
    private let handOver: AsyncStream<Work>.Continuation
    private let underWay = Atomic<Int>(0)
    private let maximumWorks: Int

    /// - Parameter maximumWorks: Works that may be under way; more are refused.
    package init(maximumWorks: Int = 256) {
        self.maximumWorks = maximumWorks
        (works, handOver) = AsyncStream.makeStream(of: Work.self)
    }

    /// Does what is handed over until there will be no more, and waits for what is under way.
    package func run() async {
        await withDiscardingTaskGroup { tasks in
            for await work in works { tasks.addTask { await work() } }
        }
    }

    /// No more work will come.
    package func close() { handOver.finish() }

    /// Has work done, and gives what came of it.
    func value<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard underWay.add(1, ordering: .relaxed).newValue <= maximumWorks else {
            underWay.subtract(1, ordering: .relaxed)
            throw ApprovalError(.unavailable, "too many requests that were approved run just now; try again shortly")
        }
        defer { underWay.subtract(1, ordering: .relaxed) }
        return try await withCheckedThrowingContinuation { continuation in
            let work: Work = {
                do { continuation.resume(returning: try await body()) } catch { continuation.resume(throwing: error) }
            }
            // After the end of the shelter nobody would do it.
            if case .terminated = handOver.yield(work) { continuation.resume(throwing: CancellationError()) }
        }
    }
}
