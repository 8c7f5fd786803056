import OrchApprovals
import OrchCore
import OrchStorageSQLite
import OrchTestSupport
import Synchronization

@testable import OrchOrchestrator

/// A real database of approvals in a folder of its own.
struct Governance {
    let folder: TemporaryFolder
    let store: SQLiteReviewStore

    init(announces: Bool = false, limits: ReviewLimits = ReviewLimits()) throws {
        folder = try TemporaryFolder()
        store = SQLiteReviewStore(
            try ReviewDatabase(path: folder.path("reviews.db")), limits: limits, now: { Bench.moment },
            announces: announces)
    }

    let cipher = PayloadCipher(secret: Redacted([UInt8](repeating: 1, count: 32)))
    var desk: ApprovalDesk { desk() }

    func desk(queues: Bool = true, hasOperators: Bool = true) -> ApprovalDesk {
        let stores = ApprovalDesk.Stores(approvals: store, reviews: store, cipher: cipher)
        return ApprovalDesk(
            settings: ApprovalDesk.Settings(
                isEnforced: true, queues: queues, hasOperators: hasOperators, lifetime: .seconds(900),
                owner: Claim.Owner("server/test")),
            stores: { stores }, now: { Bench.moment }, observe: { _ in })
    }
}
