/// Runs an operation and cancels it when its time is over; then throws ``ToolFailure/timeout``.
///
/// - Parameter limit: nil of an operation that ends soon by itself.
///
/// Waits for the operation to end also after that, so it must heed cancellation.
func withTimeLimit<Value: Sendable, C: Clock>(
    _ limit: Duration?, clock: C, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value where C.Duration == Duration {
    guard let limit else { return try await operation() }
    return try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await clock.sleep(for: limit)
            throw ToolFailure.timeout
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
