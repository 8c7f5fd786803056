import OrchApprovals
import OrchCommandLine
import OrchConfiguration
import OrchCore
import OrchKeyFiles
import OrchObservability
import OrchOrchestrator
import OrchReceipts
import OrchStorageSQLite

/// What operators do to the log, each act with its receipt.
struct LogActs: LogKeeper {
    let store: ReceiptStore
    let reviews: ReviewStorage
    let retention: Retention
    /// In whose name the receipts are.
    let caller: Caller
    let pins: Pins
    /// Sees to it that no server runs meanwhile.
    let lock: @Sendable () throws -> Void

    /// ORCH_RETENTION_DAYS and ORCH_RETENTION_MAX_MB.
    struct Retention: Sendable {
        var days: Int?
        var maximumBytes: Int?

        init(_ settings: Configuration.Storage) {
            days = settings.retentionDays
            maximumBytes = settings.retentionMaxMegabytes.map { $0 * 1_000_000 }
        }

        var isOn: Bool { days != nil || maximumBytes != nil }
    }

    func erase(_ trace: TraceID) async throws(ReceiptError) -> ErasureReport {
        let log = try opened()
        // The reviews first: a trace that is erased says that everything is.
        do throws(ApprovalError) {
            let (reviews, moment) = (try reviews.stores().reviews, wallClock())
            _ = try await reviews.eraseContents(ofTrace: trace.description, at: moment) { .review($0, at: moment) }
            try await reviews.dropRemains()
        } catch {
            throw ReceiptError(.unavailable, "the trace is not erased: \(error.message)", cause: error)
        }
        let receipt = try await log.erase(trace, receipt: entry(.erase(traceID: trace.description)))
        let copies = FolderListing.databases(beside: store.databasePath)
        return ErasureReport(
            traceID: trace, wasErased: receipt != nil, receipt: receipt,
            copies: try database().copies(holding: trace, among: copies))
    }

    func retire(isRehearsal: Bool) async throws(ReceiptError) -> RetentionReport {
        let database = try database()
        let oldest = retention.days.map { wallClock().advanced(by: .seconds(-86_400 * $0)) }
        let plan = try database.retentionPlan(notBefore: oldest, maximumBytes: retention.maximumBytes)
        guard let before = plan.before, !isRehearsal else {
            return RetentionReport(
                traces: plan.traces, before: plan.before, bytesBefore: plan.usedBytes, bytesAfter: nil)
        }
        let log = try opened()
        var traces = 0
        while case let count = try await log.retire(
            before: before, receipt: entry(.retire(before: before.description))), count > 0
        {
            traces += count
        }
        do throws(ApprovalError) { try await reviews.deleteEnded(before: before) } catch {
            throw ReceiptError(.unavailable, "reviews were not deleted: \(error.message)", cause: error)
        }
        try await log.truncateJournal()
        let after = try database.retentionPlan(notBefore: nil, maximumBytes: nil).usedBytes
        return RetentionReport(traces: traces, before: before, bytesBefore: plan.usedBytes, bytesAfter: after)
    }

    func rotateKey() async throws(ReceiptError) -> LogKey {
        try await attempt {
            try lock()
            let keyring = try store.keyring()
            let new = SigningKey(generatingFor: try keyring.key().verifier.name)
            let pending = keyring.file.pending(new.verifier)
            try pending.write(new)
            do {
                let key = try await store.log().rotate(
                    to: new, receipt: entry(.rotate(key: new.verifier.description)))
                try pending.move(to: keyring.file)
                return key
            } catch {
                if try keyring.status().keys.last?.key != new.verifier { pending.remove() }
                throw error
            }
        }
    }

    /// Makes a key where there is none: for a log that was never started, or one whose key is lost.
    func createKey() async throws(ReceiptError) -> LogKey {
        try await attempt {
            try lock()
            let keyring = try store.keyring()
            let status = try keyring.status()
            guard let current = status.keys.last?.key else {
                return LogKey(firstSize: 0, key: try keyring.key().verifier, note: nil)
            }
            guard status.file == nil else {
                throw ReceiptError(
                    .keyDiffers,
                    status.isInOrder
                        ? "the log has its key, and it is where it should be: --rotate gives it another"
                        : "the file of ORCH_RECEIPT_SIGNING_KEY_PATH holds another log's key: move it away first")
            }
            let new = SigningKey(generatingFor: current.name)
            let pending = keyring.file.pending(new.verifier)
            try pending.write(new)
            let key = try database().replaceLostKey(current, by: new.verifier)
            try pending.move(to: keyring.file)
            try await store.log().commit(entry(.rotate(key: new.verifier.description)))
            return key
        }
    }

    private func entry(_ act: LogAct) -> ReceiptEntry {
        var builder = TraceBuilder(route: act.route, caller: caller, pins: pins, now: wallClock)
        builder.add(.toolExecution, act.payload)
        return builder.takeEntry(.whole, status: .ok)
    }

    private func database() throws(ReceiptError) -> TraceDatabase {
        do { return try store.database() } catch { throw Self.wrapped(error) }
    }

    private func opened() throws(ReceiptError) -> SQLiteReceiptLog {
        do { return try store.log() } catch { throw Self.wrapped(error) }
    }

    private func attempt<Value>(_ body: () async throws -> Value) async throws(ReceiptError) -> Value {
        do { return try await body() } catch { throw Self.wrapped(error) }
    }

    private static func wrapped(_ error: any Error) -> ReceiptError {
        if let error = error as? ReceiptError { return error }
        let message = (error as? any CodedError)?.message ?? "the log cannot be changed: \(error)"
        return ReceiptError(.unavailable, message, cause: error)
    }
}
