import OrchAgents
import OrchCore
import OrchReceipts
import OrchRouting
import OrchTools

/// What a human has said of a request that waited.
package struct ReviewedRoute: Sendable {
    package var reviewID: String
    /// Who has let it pass.
    package var operatorName: String

    package init(reviewID: String, operatorName: String) {
        self.reviewID = reviewID
        self.operatorName = operatorName
    }
}

extension ChatPipeline {
    // MARK: Deciding

    /// Decides what the turn is for, and notes it.
    func route(_ turn: inout ChatTurn, _ policies: Policies, _ reviewed: ReviewedRoute?) async throws {
        turn.routed = try await routed(&turn, policies.routing, reviewed)
        turn.routed.decision.id = turn.trace.trace.id.description
        turn.routed.shadow?.id = turn.trace.trace.id.description
        refuseWhatCannotRun(&turn, policies)
        if turn.routed.decision.outcome == .human {
            turn.routed.decision.evidence.reviewID = try await queued(turn)
        }
        turn.trace.add(turn.routed, mode: settings.mode.rawValue)
        observe(turn.routed)
    }

    private func routed(
        _ turn: inout ChatTurn, _ router: RequestRouter, _ reviewed: ReviewedRoute?
    ) async throws -> Routed {
        if let reviewed { return turn.request.lastUserText.flatMap(router.refusal) ?? .reviewed(reviewed) }
        guard settings.mode == .advanced else { return .notRouted("basic_mode") }
        if router.leavesMachine { try await recorder.open(&turn.trace) }
        return await unreviewed(turn, router)
    }

    /// A turn that is not a user's, or that belongs to a tool loop of the caller's, is the model's, unless it is refused.
    func unreviewed(_ turn: ChatTurn, _ router: RequestRouter) async -> Routed {
        guard let text = turn.request.userText, !turn.request.hasClientTools else {
            let reason = turn.request.userText == nil ? "not_a_user_turn" : "client_tools"
            return turn.request.lastUserText.flatMap(router.refusal) ?? .notRouted(reason)
        }
        return await router.route(text, agent: turn.agent)
    }

    private func observe(_ routed: Routed) {
        observe(.routed(reason: routed.decision.reason))
        if routed.router == .tiers || routed.shadow != nil {
            let decision = routed.shadow ?? routed.decision
            observe(.decidedIntent(tier: decision.tier, outcome: decision.outcome.rawValue))
        }
        if let isMismatch = routed.isShadowMismatch { observe(.shadowed(isMismatch: isMismatch)) }
        if let outcome = routed.cacheOutcome { observe(.lookedUpIntent(outcome: outcome.rawValue)) }
        if let reading = routed.reading {
            let absence: SemanticAbsence? = if case .none(let absence) = reading.finding { absence } else { nil }
            observe(.readMeaning(outcome: absence?.rawValue ?? "ok", routed.readingTime))
        }
    }

    // MARK: A human decides

    /// A call that a human would decide on, and that would not run anyway, is refused: there is no such tool, its
    /// arguments do not fit, or the policy denies it.
    func refuseWhatCannotRun(_ turn: inout ChatTurn, _ policies: Policies) {
        guard turn.routed.decision.outcome == .human, let tool = turn.routed.decision.tool else { return }
        let call = ToolCall(
            tool, .object(turn.routed.decision.params), caller: turn.caller.name, agent: turn.agent?.name.text)
        switch tools.tools.admit(call, by: policies.tools) {
        case .refused(let outcome):
            turn.refusedCall = outcome
            turn.routed.decision.outcome = .tool
        case .admitted(let admitted): tools.tools.withdraw(admitted)
        }
    }

    /// Keeps what waits for a human: the call of the tool that would have run, or the request, which a model would have
    /// answered.
    private func queued(_ turn: ChatTurn) async throws -> String? {
        let decision = turn.routed.decision
        let waiting: ApprovalDesk.WaitingRoute.Work =
            if let tool = decision.tool { .call(tool: tool, decision.params) } else {
                .chat(turn.request.document.bytes)
            }
        let id = try await tools.approvals.queue(
            ApprovalDesk.WaitingRoute(
                work: waiting, evidence: decision.reviewEvidence, caller: turn.caller.name,
                agent: turn.agent?.name.text, trace: turn.trace.isReceipted ? turn.trace.trace.id : nil))
        return id
    }

    func askHuman(_ turn: inout ChatTurn) async throws -> ChatAnswer {
        let decision = turn.routed.decision
        var text =
            "This request waits for a human's decision (\(decision.reason)). Nothing was run and no model was asked."
        if let id = decision.evidence.reviewID {
            text +=
                "\n\nIt is item \(id) of the review queue: GET /v1/hitl/\(id) tells its state, and its result once an "
                + "operator has approved it."
        } else {
            text =
                "This request needs a human's decision (\(decision.reason)), and no review queue is kept "
                + "(ORCH_INTENT_HITL_ENABLED=0, or no operator is set). Nothing was run and no model was asked."
        }
        return try await finish(text: text, model: Self.routerName, turn)
    }

    func refuse(_ turn: inout ChatTurn) async throws -> ChatAnswer {
        let text =
            "This request is refused by the policy of this server (\(turn.routed.decision.reason)). "
            + "Nothing was run and no model was asked."
        return try await finish(text: text, model: Self.routerName, turn)
    }

    /// The name under which answers of the router appear as `model`.
    static let routerName = "intent-router"
}

extension Routed {
    /// A human has let a request pass.
    static func reviewed(_ review: ReviewedRoute) -> Routed {
        var decision = IntentDecision(
            tier: 3, outcome: .model, reason: "hitl_approved", confidence: 1, operatorName: review.operatorName)
        decision.evidence.reviewID = review.reviewID
        return Routed(decision, by: .none)
    }
}
