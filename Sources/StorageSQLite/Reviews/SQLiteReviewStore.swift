package import OrchApprovals

/// Approvals, reviews and their announcements in SQLite. Every change is one transaction, with its announcement in it.
package struct SQLiteReviewStore: Sendable {
    let database: ReviewDatabase
    let limits: ReviewLimits
    /// Whether announcements are kept at all.
    let announces: Bool
    /// Told of each event that the outbox has no room for.
    let onOverflow: @Sendable () -> Void

    package init(
        _ database: ReviewDatabase, limits: ReviewLimits = ReviewLimits(), announces: Bool = false,
        onOverflow: @escaping @Sendable () -> Void = {}
    ) {
        self.database = database
        self.limits = limits
        self.announces = announces
        self.onOverflow = onOverflow
    }

    /// Empties the journal, so that nothing that was deleted is left in it. Where somebody reads the database just then,
    /// the journal is emptied later.
    package func truncateJournal() async throws(ApprovalError) {
        try await database.truncateJournal()
    }
}
