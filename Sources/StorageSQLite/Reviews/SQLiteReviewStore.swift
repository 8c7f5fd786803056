package import OrchApprovals

/// Approvals, reviews and their announcements in SQLite. Every change is one transaction, with its announcement in it.
package struct SQLiteReviewStore: Sendable {
    let database: ReviewDatabase
    let limits: ReviewLimits
    /// Whether announcements are kept at all.
    let announces: Bool

    package init(_ database: ReviewDatabase, limits: ReviewLimits = ReviewLimits(), announces: Bool = false) {
        self.database = database
        self.limits = limits
        self.announces = announces
    }
}
