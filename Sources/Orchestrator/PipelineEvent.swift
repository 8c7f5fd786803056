package import OrchProviders
package import OrchTokens

/// What happened on a request's way, for metrics.
package enum PipelineEvent: Sendable {
    case routed(reason: String)
    case selected(tier: ModelSelection.Tier)
    case ranTool(name: String, status: String)
    /// A model call ended, well or not.
    case called(CallFacts, usage: Usage?)
    /// A guard has looked at a model's answer; see ``GuardReport/outcome``.
    case guarded(outcome: String)
    /// The time from asking a model to the first piece of its answer.
    case firstToken(Duration, CallFacts)
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
