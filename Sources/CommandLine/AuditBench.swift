package import OrchReceipts

/// What `orch audit` and `orch maintain` need of the program behind them.
package struct AuditBench: Sendable {
    /// What a check of a whole log is held against.
    package struct CheckOptions: Sendable {
        /// A database that is not the program's own, such as a copy; nil for its own.
        package var databasePath: String?
        /// The key to check against, from outside; nil for those that the database names.
        package var key: VerifierKey?
        /// A checkpoint from outside.
        package var since: SignedCheckpoint?

        package init(databasePath: String? = nil, key: VerifierKey? = nil, since: SignedCheckpoint? = nil) {
            self.databasePath = databasePath
            self.key = key
            self.since = since
        }
    }

    /// Opens the program's own log for reading.
    package var reader: @Sendable () throws -> any LogReader
    /// The policy in force.
    package var policy: @Sendable () -> TraceVerdict.Policy
    /// Checks everything, telling how many leaves of how many are done.
    package var check:
        @Sendable (_ options: CheckOptions, _ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void)
            async throws -> AuditReport
    /// Erasure, retention, rotation.
    package var keeper: @Sendable () throws -> any LogKeeper
    package var keyStatus: @Sendable () throws -> LogKeyStatus
    /// Makes a key for a log that has none, or whose key is lost.
    package var createKey: @Sendable () async throws -> LogKey

    package init(
        reader: @escaping @Sendable () throws -> any LogReader, policy: @escaping @Sendable () -> TraceVerdict.Policy,
        check:
            @escaping @Sendable (
                _ options: CheckOptions, _ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
            ) async throws -> AuditReport,
        keeper: @escaping @Sendable () throws -> any LogKeeper,
        keyStatus: @escaping @Sendable () throws -> LogKeyStatus,
        createKey: @escaping @Sendable () async throws -> LogKey
    ) {
        self.reader = reader
        self.policy = policy
        self.check = check
        self.keeper = keeper
        self.keyStatus = keyStatus
        self.createKey = createKey
    }
}
