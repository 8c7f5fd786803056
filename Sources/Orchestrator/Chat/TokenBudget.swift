import OrchCore
package import OrchTokens

/// How large the input of a model may be, and what gives way where it is larger.
package struct TokenBudget: Sendable {
    /// How turns without a mark are ranked.
    package enum Ranking: Sendable {
        case recency
        /// By what the last user message asks. Where the embedder cannot be asked now, by place.
        case relevance(RelevanceRanking)
    }

    /// What takes the place of turns that are left out.
    package struct Summaries: Sendable {
        package var summarizer: ExtractiveSummarizer
        /// Requests of more tokens always get one: ORCH_TIER3_MIN_TOKENS.
        package var forcedAbove: Int
        /// Whether all others do: ORCH_TOKEN_BUDGET_SUMMARY_ENABLED.
        package var always: Bool

        package init(_ summarizer: ExtractiveSummarizer, forcedAbove: Int, always: Bool) {
            self.summarizer = summarizer
            self.forcedAbove = forcedAbove
            self.always = always
        }
    }

    /// ORCH_MAX_TOKENS; 0 is no limit.
    package var maximumTokens: Int
    package var ranking: Ranking
    /// nil: what is left out is gone.
    package var summaries: Summaries?
    /// ORCH_AGENT_PROMPT_ALLOW_OVERBUDGET.
    package var allowsLongPrompts: Bool

    package init(
        maximumTokens: Int, ranking: Ranking = .recency, summaries: Summaries? = nil, allowsLongPrompts: Bool = false
    ) {
        self.maximumTokens = maximumTokens
        self.ranking = ranking
        self.summaries = summaries
        self.allowsLongPrompts = allowsLongPrompts
    }

    /// The part of the budget that is used, to four places; nil where there is none.
    func utilization(of tokens: Int) -> Double? {
        guard maximumTokens > 0 else { return nil }
        return (Double(tokens) / Double(maximumTokens) * 10_000).rounded() / 10_000
    }
}
