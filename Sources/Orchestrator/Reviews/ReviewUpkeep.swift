package import OrchApprovals
package import OrchCore

/// Ends what nobody will end any more, and counts what waits.
package struct ReviewUpkeep: Sendable {
    private let approvals: any ApprovalStore
    private let reviews: any ReviewStore
    private let now: Now
    private let observe: @Sendable (PipelineEvent) -> Void

    package init(
        approvals: any ApprovalStore, reviews: any ReviewStore, now: @escaping Now,
        observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.approvals = approvals
        self.reviews = reviews
        self.now = now
        self.observe = observe
    }

    /// Looks once.
    ///
    /// - Parameter reborn: An owner that begins anew: its claims are a dead process's.
    /// - Returns: How many runs were found whose end is not known.
    @discardableResult
    package func sweep(reborn: Claim.Owner? = nil) async throws(ApprovalError) -> Int {
        let moment = now()
        let (expired, unknown) = try await approvals.sweepApprovals(at: moment, reborn: reborn)
        for _ in 0..<expired { observe(.approval(outcome: ApprovalStatus.expired.rawValue)) }
        for _ in 0..<unknown { observe(.approval(outcome: ApprovalStatus.unknown.rawValue)) }
        let ended = try await reviews.sweepReviews(at: moment, reborn: reborn) { .review($0, at: moment) }
        for review in ended { observe(.review(outcome: review.status.rawValue)) }
        observe(.reviewsWait(try await reviews.depth(), at: moment))
        return unknown + ended.count { $0.status == .unknown }
    }
}
