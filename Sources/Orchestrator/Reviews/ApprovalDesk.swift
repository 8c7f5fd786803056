package import OrchApprovals
package import OrchCore
import OrchTools

/// Says whether a call that the policy lets in may run, and keeps what needs a human.
package struct ApprovalDesk: Sendable {
    package struct Settings: Sendable {
        /// ORCH_TOOL_APPROVAL_ENFORCE.
        package var isEnforced: Bool
        /// ORCH_INTENT_HITL_ENABLED: calls without an approval wait for a human.
        package var queues: Bool
        /// Whether there is anybody who could approve. Where not, unsafe tools do not run at all.
        package var hasOperators: Bool
        /// ORCH_TOOL_APPROVAL_TTL_SEC.
        package var lifetime: Duration
        /// In whose name this process claims.
        package var owner: Claim.Owner

        package init(isEnforced: Bool, queues: Bool, hasOperators: Bool, lifetime: Duration, owner: Claim.Owner) {
            self.isEnforced = isEnforced
            self.queues = queues
            self.hasOperators = hasOperators
            self.lifetime = lifetime
            self.owner = owner
        }
    }

    enum Authorization: Sendable {
        case notNeeded
        case claimed(Claim)
        case refused(ApprovalRefusal, reviewID: String?)
    }

    /// How much longer than its tool's own limit a run may take before it counts as one whose process died.
    private static let leaseReserve = Duration.seconds(60)

    /// Where approvals and reviews are, and what seals them.
    package struct Stores: Sendable {
        package let approvals: any ApprovalStore
        package let reviews: any ReviewStore
        package let cipher: PayloadCipher

        package init(approvals: any ApprovalStore, reviews: any ReviewStore, cipher: PayloadCipher) {
            self.approvals = approvals
            self.reviews = reviews
            self.cipher = cipher
        }
    }

    package let settings: Settings
    /// Opened when they are first needed: a safe tool needs none.
    let stores: @Sendable () throws(ApprovalError) -> Stores
    let now: Now
    let observe: @Sendable (PipelineEvent) -> Void

    package init(
        settings: Settings, stores: @escaping @Sendable () throws(ApprovalError) -> Stores, now: @escaping Now,
        observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.settings = settings
        self.stores = stores
        self.now = now
        self.observe = observe
    }

    /// Where there is nobody who could approve: only safe tools run.
    package static let nobody = ApprovalDesk(
        settings: Settings(
            isEnforced: true, queues: false, hasOperators: false, lifetime: .zero, owner: Claim.Owner("nobody")),
        stores: { () throws(ApprovalError) in throw ApprovalError(.unavailable, "no approvals are kept here") },
        now: { Timestamp(microseconds: 0) }, observe: { _ in })

    /// Looks for an approval of a call, and claims it.
    ///
    /// - Parameters:
    ///   - token: The identity of an approval, if the caller has one.
    ///   - trace: The request's trace.
    func authorize(
        _ call: AdmittedCall, token: String?, trace: TraceID?
    ) async throws(ApprovalError) -> Authorization {
        guard !call.tool.safe else { return .notNeeded }
        guard settings.hasOperators else { return .refused(.missingApproval, reviewID: nil) }
        guard settings.isEnforced else { return .notNeeded }
        let authorization = try await claimOrQueue(call, token, trace)
        switch authorization {
        case .notNeeded: break
        case .claimed: observe(.approval(outcome: "claimed"))
        case .refused(let reason, _): observe(.approval(outcome: reason.rawValue))
        }
        return authorization
    }

    /// What a run in this process is claimed with.
    ///
    /// - Parameter limit: Its own; nil of a run that ends at once.
    func claimRequest(lasting limit: Duration?) -> ClaimRequest {
        ClaimRequest(owner: settings.owner, lease: (limit ?? .zero) + Self.leaseReserve)
    }

    /// What the router leaves to a human.
    struct WaitingRoute: Sendable {
        enum Work: Sendable {
            case call(tool: String, JSONObject)
            /// A `chat/completions` body.
            case chat([UInt8])
        }

        var work: Work
        /// JSON without words of the request.
        var evidence: [UInt8]
        var caller: String
        var agent: String?
        var trace: TraceID?
    }

    /// Keeps what the router leaves to a human.
    ///
    /// - Returns: The identity of the review; nil where none is kept, or nobody could decide.
    func queue(_ route: WaitingRoute) async throws(ApprovalError) -> String? {
        guard settings.queues, settings.hasOperators else { return nil }
        let moment = now()
        let id = TraceID.generate(at: moment).description
        let (kind, tool, arguments) = try route.stored()
        let review = Review(
            id: id, kind: kind, tool: tool, evidence: String(decoding: route.evidence, as: UTF8.self),
            argumentsHash: ArgumentsHash(of: arguments), requester: route.caller, agent: route.agent,
            createdAt: moment, expiresAt: moment.advanced(by: settings.lifetime),
            requestTrace: route.trace?.description,
            payload: try stores().cipher.seal(arguments.canonical, .payload, of: id))
        return try await enqueue(review, at: moment)
    }

    func finish(_ claim: Claim, _ end: ApprovalStatus.RunEnd) async throws(ApprovalError) {
        try await stores().approvals.finish(claim, end, at: now())
        observe(.approval(outcome: end.status.rawValue))
    }

    private func claimOrQueue(
        _ call: AdmittedCall, _ token: String?, _ trace: TraceID?
    ) async throws(ApprovalError) -> Authorization {
        guard let token else { return .refused(.missingApproval, reviewID: try await queued(call, trace)) }
        let hash = ArgumentsHash(of: call.arguments)
        let claimed = try await stores().approvals.claim(
            token, tool: call.tool.name, hash, caller: call.caller, claimRequest(lasting: call.tool.timeout))
        switch claimed {
        case .success(let claim): return .claimed(claim)
        case .failure(let reason): return .refused(reason, reviewID: nil)
        case nil: return .refused(try await refusal(ofReview: token, call, hash), reviewID: nil)
        }
    }

    /// A review's request is run by who approves it; its identity gives nobody leave to run it again.
    private func refusal(
        ofReview id: String, _ call: AdmittedCall, _ hash: ArgumentsHash
    ) async throws(ApprovalError) -> ApprovalRefusal {
        guard let review = try await stores().reviews.review(id), review.requester == call.caller else {
            return .unknownApproval
        }
        guard review.tool == call.tool.name else { return .toolMismatch }
        guard review.argumentsHash == hash || review.isEdited else { return .argumentsHashMismatch }
        if review.status == .pending, review.expiresAt <= now() { return .expired }
        return ApprovalRefusal(review.status) ?? .alreadyConsumed
    }

    /// - Returns: The identity of the review; nil where none is kept.
    private func queued(_ call: AdmittedCall, _ trace: TraceID?) async throws(ApprovalError) -> String? {
        guard settings.queues else { return nil }
        let moment = now()
        let id = TraceID.generate(at: moment).description
        let review = Review(
            id: id, tool: call.tool.name, argumentsHash: ArgumentsHash(of: call.arguments), requester: call.caller,
            agent: call.agent, createdAt: moment, expiresAt: moment.advanced(by: settings.lifetime),
            requestTrace: trace?.description,
            payload: try stores().cipher.seal(call.arguments.canonical, .payload, of: id))
        return try await enqueue(review, at: moment)
    }

    private func enqueue(_ review: Review, at moment: Timestamp) async throws(ApprovalError) -> String {
        let kept = try await stores().reviews.enqueue(review, announcing: .review(review, at: moment))
        if kept.id == review.id { observe(.review(outcome: ApprovalStatus.pending.rawValue)) }
        return kept.id
    }
}

extension ApprovalDesk.WaitingRoute {
    /// How a review holds it.
    fileprivate func stored() throws(ApprovalError) -> (Review.Kind, tool: String, JSONObject) {
        switch work {
        case .call(let tool, let params): return (.route, tool, params)
        case .chat(let body):
            do throws(JSONError) {
                return (.chat, Review.chat, try JSONValue(parsing: body).objectValue ?? [:])
            } catch {
                throw ApprovalError(.unreadable, "the request does not read back", cause: error)
            }
        }
    }
}
