/// Work that is given up after a time.
enum Deadline {
    struct Passed: Error {}

    /// What the work gives, if it ends in time.
    ///
    /// - Throws: ``Passed`` where it does not, with the work cancelled; else what it throws.
    static func run<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { tasks in
            tasks.addTask { try await work() }
            tasks.addTask {
                try await Task.sleep(for: limit)
                throw Passed()
            }
            defer { tasks.cancelAll() }
            guard let value = try await tasks.next() else { throw CancellationError() }
            return value
        }
    }
}
