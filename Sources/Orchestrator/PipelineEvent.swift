package import OrchApprovals
package import OrchCore
package import OrchProviders
package import OrchTokens

/// What happened on a request's way, for metrics.
package enum PipelineEvent: Sendable {
    case routed(reason: String)
    /// The intent router has decided; see ``IntentDecision/Outcome``.
    case decidedIntent(tier: Int, outcome: String)
    /// The intent router has watched the plain one.
    case shadowed(isMismatch: Bool)
    /// The cache of intents was asked; see ``Routed/CacheOutcome``.
    case lookedUpIntent(outcome: String)
    /// A text's meaning was looked at: `ok`, or why it says nothing.
    case readMeaning(outcome: String, Duration)
    case selected(tier: ModelSelection.Tier)
    /// The part of the budget that a request uses.
    case budgetUsed(Double)
    /// Turns were left out of a request.
    case pruned(summary: (isForced: Bool, duration: Duration)?)
    /// An agent's prompt is over its part of the budget, and exempt. Told once, when it is first used.
    case promptKept(agent: String, tokens: Int, limit: Int)
    /// An agent's prompt was cut; the tokens given up to end at a boundary.
    case promptCut(delta: Int)
    case ranTool(name: String, status: String)
    /// The tool policy was asked about a call.
    case decidedPolicy(PolicyOutcome)
    /// An approval was given, claimed, or refused; the word is of a closed set.
    case approval(outcome: String)
    /// A review began, was decided, or ended; see ``ApprovalStatus``.
    case review(outcome: String)
    /// A delivery to the webhook came to its end.
    case announced(AnnouncementOutcome)
    case reviewsWait(ReviewDepth, at: Timestamp)
    /// A model call ended, well or not.
    case called(CallFacts, usage: Usage?)
    /// A guard has looked at a model's answer; see ``GuardReport/outcome``.
    case guarded(outcome: String)
    /// The time from asking a model to the first piece of its answer.
    case firstToken(Duration, CallFacts)
}

/// What the tool policy said.
package enum PolicyOutcome: String, Sendable {
    case allowed, denied
    /// The policy is not enforced, and would have denied.
    case wouldDeny = "would_deny"
}

/// What became of one delivery to the webhook.
package enum AnnouncementOutcome: String, Sendable {
    case delivered
    /// It will be tried again.
    case failed
    /// It was given up.
    case dropped
}

/// Tokens of one exchange.
package struct Usage: Sendable, Equatable {
    package var promptTokens: Int
    package var completionTokens: Int

    package init(promptTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}
