import Dispatch
import OrchCommandLine
import OrchConfiguration
import OrchCore
import OrchKeyFiles
import OrchOrchestrator
import OrchPolicyFiles
import OrchReceipts
import OrchStorageSQLite

extension Program {
    /// The policy that traces are judged by.
    var policyInForce: @Sendable () -> TraceVerdict.Policy {
        let (policies, path) = (toolPolicies, configuration.policy.path)
        return {
            TraceVerdict.Policy(hash: policies.hash, path: path, isEnforced: policies.isEnforced)
        }
    }

    /// nil where receipts are off.
    func auditBench() -> AuditBench? {
        guard let receipts else { return nil }
        let acts: @Sendable () -> LogActs = {
            LogActs(
                store: receipts, reviews: reviewStorage, retention: LogActs.Retention(configuration.storage),
                caller: .commandLine, pins: policyCache().current.pins,
                lock: { try instance.lock() })
        }
        return AuditBench(
            reader: { SQLiteLogReader(database: try receipts.database()) },
            policy: policyInForce,
            check: { options, progress in try await Self.check(receipts, options, progress) },
            keeper: { acts() },
            keyStatus: { try receipts.keyring().status() },
            createKey: { try await acts().createKey() })
    }

    /// Checks a database on a thread of its own, since it takes its time.
    private static func check(
        _ receipts: ReceiptStore, _ options: AuditBench.CheckOptions,
        _ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> AuditReport {
        let path = options.databasePath ?? receipts.databasePath
        let result: Result<AuditReport, ReceiptError> = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(
                    returning: Result { () throws(ReceiptError) in
                        try SQLiteAudit.check(path: path, key: options.key, since: options.since, progress: progress)
                    })
            }
        }
        var report = try result.get()
        // A copy comes without the key's file.
        guard options.databasePath == nil, let status = try? receipts.keyring().status(), !status.isInOrder,
            let key = status.keys.last?.key
        else { return report }
        report.add(
            .init(
                .key,
                status.file.map {
                    "the file of ORCH_RECEIPT_SIGNING_KEY_PATH holds \($0.shortName), and the log is signed by "
                        + key.shortName
                } ?? "the key of the log, \(key.shortName), is not in the file of "
                    + "ORCH_RECEIPT_SIGNING_KEY_PATH"))
        return report
    }
}
