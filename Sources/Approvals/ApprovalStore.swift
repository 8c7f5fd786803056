package import OrchCore

/// Where approvals are kept. What has returned is on disk, and every change is one compare-and-set.
package protocol ApprovalStore: Sendable {
    /// - Throws: `review_queue_full` where too many wait to be used.
    func issue(_ approval: Approval, announcing event: ReviewEvent?) async throws(ApprovalError)

    /// Claims an approval for one call: only if it is of this tool, these arguments, in time, another's, and unused.
    ///
    /// - Returns: The claim, or why there is none; nil where there is no such approval.
    func claim(
        _ id: String, tool: String, _ arguments: ArgumentsHash, caller: String, _ request: ClaimRequest
    ) async throws(ApprovalError) -> Result<Claim, ApprovalRefusal>?

    /// Says how a claimed run ended.
    func finish(_ claim: Claim, _ end: ApprovalStatus.RunEnd, at moment: Timestamp) async throws(ApprovalError)

    /// Ends what nobody will end any more: what has expired, and the claims of an owner that begins anew, or whose lease
    /// is over.
    ///
    /// - Returns: How many expired, and how many are unknown.
    func sweepApprovals(at moment: Timestamp, reborn: Claim.Owner?) async throws(ApprovalError) -> (
        expired: Int, unknown: Int
    )

    /// Deletes approvals that can do nothing any more and were given before a moment.
    ///
    /// - Returns: How many.
    func deleteApprovals(issuedBefore moment: Timestamp) async throws(ApprovalError) -> Int
}

/// Where reviews are kept; see ``ApprovalStore``.
package protocol ReviewStore: Sendable {
    /// Adds a pending review, or gives the one that waits for the same call of the same requester.
    ///
    /// - Throws: `review_queue_full` beyond the limits.
    func enqueue(_ review: Review, announcing event: ReviewEvent?) async throws(ApprovalError) -> Review

    func review(_ id: String) async throws(ApprovalError) -> Review?

    /// Newest first, without payloads, notes and results.
    ///
    /// - Parameters:
    ///   - requester: Only this caller's; nil is everybody's.
    ///   - cursor: Only those whose identity sorts before it.
    func reviews(
        status: ApprovalStatus?, requester: String?, before cursor: String?, limit: Int
    ) async throws(ApprovalError) -> [Review]

    /// Decides on a pending review, once. One that is approved is claimed with it.
    ///
    /// - Returns: The review as it is then.
    /// - Throws: `review_not_pending` where it is not pending, or not any more; `self_approval`; `not_found`.
    func decide(
        _ id: String, _ decision: Review.Decision, announcing event: ReviewEvent?
    ) async throws(ApprovalError) -> Review

    /// Says how a claimed run ended, and deletes the stored request.
    func finish(
        _ claim: Claim, _ end: ApprovalStatus.RunEnd, result: SealedText?, at moment: Timestamp,
        announcing event: ReviewEvent?
    ) async throws(ApprovalError)

    /// As ``ApprovalStore/sweepApprovals(at:reborn:)``.
    ///
    /// - Parameter event: Makes the announcement of each end.
    func sweepReviews(
        at moment: Timestamp, reborn: Claim.Owner?, announcing event: @escaping @Sendable (Review) -> ReviewEvent?
    ) async throws(ApprovalError) -> [Review]

    /// Deletes reviews that ended before a moment, with their results.
    ///
    /// - Returns: How many.
    func deleteReviews(endedBefore moment: Timestamp) async throws(ApprovalError) -> Int

    /// Deletes what people said in the reviews that a trace began, or decided, and the hash of it. One that still waits
    /// ends.
    ///
    /// - Parameter event: Makes the announcement of such an end.
    /// - Throws: `review_not_pending` while such a review is being run.
    /// - Returns: How many reviews that were.
    func eraseContents(
        ofTrace trace: String, at moment: Timestamp, announcing event: @escaping @Sendable (Review) -> ReviewEvent?
    ) async throws(ApprovalError) -> Int

    /// Empties the journal of the database, if something was deleted since the last time, so that nothing of it is left
    /// there. Where somebody reads the database just then, the journal is emptied at the next call.
    func dropRemains() async throws(ApprovalError)

    func depth() async throws(ApprovalError) -> ReviewDepth
}

/// How much waits for humans.
package struct ReviewDepth: Sendable, Equatable {
    package var pending: Int
    package var oldest: Timestamp?

    package init(pending: Int, oldest: Timestamp?) {
        self.pending = pending
        self.oldest = oldest
    }
}

/// How many reviews and approvals may wait.
package struct ReviewLimits: Sendable {
    package var pending: Int
    package var pendingOfOneRequester: Int
    /// Approvals that wait to be used.
    package var approvals: Int

    package init(pending: Int = 1000, pendingOfOneRequester: Int = 100, approvals: Int = 10_000) {
        self.approvals = approvals
        self.pending = pending
        self.pendingOfOneRequester = pendingOfOneRequester
    }
}

/// Announcements that wait to be delivered. They are written with the change that they announce, and lost by no crash.
package protocol EventOutbox: Sendable {
    /// Takes events that are due. Until the lease is over nobody else gets them.
    func takeDue(at moment: Timestamp, leaseEnd: Timestamp, limit: Int) async throws(ApprovalError) -> [PendingEvent]

    /// An event was delivered, or is given up.
    func remove(_ id: String) async throws(ApprovalError)

    /// An event is to be tried again.
    func postpone(_ id: String, until moment: Timestamp, attempts: Int) async throws(ApprovalError)
}

/// An event in an outbox.
package struct PendingEvent: Sendable, Equatable {
    package let id: String
    package let body: [UInt8]
    package let createdAt: Timestamp
    /// Deliveries that were tried before.
    package let attempts: Int

    package init(id: String, body: [UInt8], createdAt: Timestamp, attempts: Int) {
        self.id = id
        self.body = body
        self.createdAt = createdAt
        self.attempts = attempts
    }
}
