package import OrchApprovals
package import OrchCore

/// Approvals, reviews and their announcements in SQLite. Every change is one transaction, with its announcement in it.
package struct SQLiteReviewStore: Sendable {
    let database: ReviewDatabase
    let limits: ReviewLimits
    let now: Now
    /// Whether announcements are kept at all.
    let announces: Bool
    /// Told of each event that the outbox has no room for.
    let onOverflow: @Sendable () -> Void

    package init(
        _ database: ReviewDatabase, limits: ReviewLimits = ReviewLimits(), now: @escaping Now, announces: Bool = false,
        onOverflow: @escaping @Sendable () -> Void = {}
    ) {
        self.database = database
        self.limits = limits
        self.now = now
        self.announces = announces
        self.onOverflow = onOverflow
    }

    package func dropRemains() async throws(ApprovalError) { try await database.dropRemains() }
}
