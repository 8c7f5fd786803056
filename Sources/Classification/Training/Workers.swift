import Dispatch
import Synchronization

/// Threads of their own for work that would block the cooperative pool.
struct Workers: Sendable {
    let threads: Int

    /// The results of parts in their order, whichever thread makes them when.
    ///
    /// - Parameter finished: Called after each part, one call at a time, with how many are done.
    /// - Throws: `CancellationError`, once parts under way have ended.
    func map<Result: Sendable>(
        _ count: Int, finished: @escaping @Sendable (Int) -> Void = { _ in },
        _ part: @escaping @Sendable (Int) -> Result
    ) async throws -> [Result] {
        guard count > 0 else { return [] }
        let run = WorkersRun<Result>(count: count)
        return try await withTaskCancellationHandler {
            let results = await withCheckedContinuation { (continuation: CheckedContinuation<[Result?], Never>) in
                DispatchQueue.global(qos: .userInitiated).async {
                    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
                        while let index = run.next() { run.finish(index, part(index), finished) }
                    }
                    continuation.resume(returning: run.results)
                }
            }
            let complete = results.compactMap(\.self)
            guard complete.count == count else { throw CancellationError() }
            return complete
        } onCancel: {
            run.cancel()
        }
    }
}

/// Which parts are taken, and what came of them.
private final class WorkersRun<Result: Sendable>: Sendable {
    private struct State {
        var next = 0
        var done = 0
        var results: [Result?]
    }

    private let state: Mutex<State>
    private let count: Int

    init(count: Int) {
        self.count = count
        state = Mutex(State(results: Array(repeating: nil, count: count)))
    }

    var results: [Result?] { state.withLock { $0.results } }

    func next() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func finish(_ index: Int, _ result: Result, _ finished: (Int) -> Void) {
        state.withLock { state in
            state.results[index] = result
            state.done += 1
            finished(state.done)
        }
    }

    func cancel() { state.withLock { $0.next = count } }
}
