import OrchCore

extension SandboxBench {
    /// What the sandbox's own errors call that there is none. Commands know them by this word alone.
    private static let unavailable = "sandbox_unavailable"

    /// Does what needs a sandbox; that there is none gets its exit status.
    static func using<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as any CodedError where error.codeName == unavailable {
            throw CommandFailure(.unavailable, error.message)
        }
    }
}
