import OrchApprovals
import OrchConfiguration
import OrchCore
import OrchKeyFiles
import OrchObservability
import OrchOrchestrator
import OrchReceipts
import OrchStorageSQLite
import Synchronization

/// The databases of approvals and reviews and the key of what they store, opened when they are first needed.
final class ReviewStorage: Sendable {
    private struct Opened {
        var stores: ApprovalDesk.Stores
        /// One for each file.
        var outboxes: [SQLiteReviewStore]
    }

    private let policy: Configuration.Policy
    private let receiptsPath: String
    private let secretKeyPath: String
    /// The receipts' database, where receipts are on.
    private let receipts: ReceiptStore?
    private let metrics: LiveMetrics
    private let opened = Mutex<Opened?>(nil)
    private let wasHealthy = Atomic<Bool>(true)

    init(_ configuration: Configuration, receipts: ReceiptStore?, metrics: LiveMetrics) {
        self.metrics = metrics
        policy = configuration.policy
        receiptsPath = configuration.receipts.databasePath
        secretKeyPath = configuration.storage.secretKeyPath
        self.receipts = receipts
    }

    /// Whether the database worked when it was last looked at.
    var isHealthy: Bool { wasHealthy.load(ordering: .relaxed) }

    func note(isHealthy: Bool) { wasHealthy.store(isHealthy, ordering: .relaxed) }

    func stores() throws(ApprovalError) -> ApprovalDesk.Stores { try open().stores }

    /// Where announcements wait.
    func outboxes() throws(ApprovalError) -> [any EventOutbox] { try open().outboxes }

    /// Deletes what ended, or can do nothing any more, and is older than a moment.
    func deleteEnded(before moment: Timestamp) async throws(ApprovalError) {
        let stores = try stores()
        _ = try await stores.reviews.deleteReviews(endedBefore: moment)
        _ = try await stores.approvals.deleteApprovals(issuedBefore: moment)
    }

    private func open() throws(ApprovalError) -> Opened {
        let result = opened.withLock { opened -> Result<Opened, ApprovalError> in
            if let opened { return .success(opened) }
            return Result { () throws(ApprovalError) in
                let made = try make()
                opened = made
                return made
            }
        }
        return try result.get()
    }

    private func make() throws(ApprovalError) -> Opened {
        let secret: Redacted<[UInt8]>
        do { secret = try SecretKeyFile(secretKeyPath).key() } catch {
            throw ApprovalError(.unavailable, error.message, cause: error)
        }
        let reviews = try store(policy.reviewDatabasePath)
        let isOneFile = Self.areOneFile(policy.approvalDatabasePath, policy.reviewDatabasePath)
        let approvals = isOneFile ? reviews : try store(policy.approvalDatabasePath)
        return Opened(
            stores: ApprovalDesk.Stores(
                approvals: approvals, reviews: reviews, cipher: PayloadCipher(secret: secret)),
            outboxes: isOneFile ? [reviews] : [reviews, approvals])
    }

    /// Whether two paths lead to one file, which need not be there yet.
    private static func areOneFile(_ one: String, _ other: String) -> Bool {
        one == other || FolderListing.resolved(one) == FolderListing.resolved(other)
    }

    private func store(_ path: String) throws(ApprovalError) -> SQLiteReviewStore {
        SQLiteReviewStore(try database(path), now: wallClock, announces: policy.webhookURL != nil) { [metrics] in
            metrics.happened(.announced(.dropped))
        }
    }

    private func database(_ path: String) throws(ApprovalError) -> ReviewDatabase {
        guard Self.areOneFile(path, receiptsPath) else { return try ReviewDatabase(path: path) }
        do {
            return ReviewDatabase(sharing: try receipts?.database() ?? TraceDatabase(path: path))
        } catch {
            let message = (error as? any CodedError)?.message ?? "the database of approvals cannot be opened"
            throw ApprovalError(.unavailable, message, cause: error)
        }
    }
}
