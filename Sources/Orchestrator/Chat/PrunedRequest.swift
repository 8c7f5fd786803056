package import OrchTokens

/// What is left of a request that was over its budget.
package struct PrunedRequest: Sendable {
    /// Stands for turns that were left out.
    package struct Summary: Sendable {
        /// The message's text.
        package var text: String
        /// Of the whole message.
        package var tokens: Int
        package var sentences: Int
        package var quality: SummaryQuality
        /// Whether the request's size asked for it, and not a setting.
        package var isForced: Bool
        package var duration: Duration

        /// What the model is told of the text.
        static let heading = "Summary of earlier turns that are left out here:\n"
    }

    package var plan: PruningPlan
    /// How turns were ranked: recency or relevance.
    package var strategy: String
    /// nil where none is wanted, or none fits.
    package var summary: Summary?

    /// Of all that is sent.
    package var tokensAfter: Int { plan.tokensAfter + (summary?.tokens ?? 0) }
}

extension TokenBudget {
    /// The least part of the budget that is kept free for a summary, and the most that one takes: 1/8 and 1/4.
    private static let summaryShares = (least: 8, most: 4)

    /// A request made to fit; nil where it does as it is.
    ///
    /// - Parameter size: The tokens by which its model was chosen, where these are others.
    /// - Throws: ``BudgetError`` where what must be kept does not fit; ``EmbeddingError`` where too many texts wait for
    ///   the embedder, since the same request is to be pruned alike each time; `CancellationError` where nobody waits any
    ///   more.
    func pruned(
        _ request: ChatRequest, _ count: InputCount, size: Int? = nil
    ) async throws -> PrunedRequest? {
        guard maximumTokens > 0, count.total > maximumTokens else { return nil }
        // Ranking and summing up take their time, which an event loop has not.
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await pruneNow(request, count, size: size ?? count.total)
        }
    }

    private func pruneNow(_ request: ChatRequest, _ count: InputCount, size: Int) async throws -> PrunedRequest {
        let messages = zip(request.messages, count.messages).map { BudgetMessage($0, tokens: $1) }
        let strategy = try await strategy(for: request, messages)
        func plan(_ budget: Int) throws(BudgetError) -> PruningPlan {
            try Pruner(budget: budget, overhead: count.overhead, strategy: strategy).plan(messages)
        }
        let isForced = summaries.map { size > $0.forcedAbove } ?? false
        guard let summaries, isForced || summaries.always else {
            return PrunedRequest(plan: try plan(maximumTokens), strategy: strategy.name)
        }
        // What does not fit beside a summary goes without one.
        let least = maximumTokens / Self.summaryShares.least
        let chosen = try (try? plan(maximumTokens - least)) ?? plan(maximumTokens)
        var pruned = PrunedRequest(plan: chosen, strategy: strategy.name)
        let started = ContinuousClock.now
        pruned.summary = try await summary(
            of: request, messages, chosen, by: summaries.summarizer, count.counter, isForced: isForced)
        pruned.summary?.duration = started.duration(to: .now)
        if pruned.summary == nil { pruned.plan = try plan(maximumTokens) }
        return pruned
    }

    /// Throws on what passes: another time the embedder does its work.
    private static func rethrowPassing(_ error: any Error) throws {
        try Task.checkCancellation()
        if let error = error as? EmbeddingError, error.code == .queueFull || error.code == .cancelled { throw error }
    }

    private func strategy(for request: ChatRequest, _ messages: [BudgetMessage]) async throws -> PruningStrategy {
        guard case .relevance(let ranking) = ranking, let question = request.lastUserText else { return .recency }
        let turns = ConversationTurns(messages).ranges.map { range in
            range.filter { messages[$0].role != .system }.map { request.messages[$0].text }.joined(separator: "\n")
        }
        do { return .scores(try await ranking.scores(of: turns, for: question)) } catch {
            try Self.rethrowPassing(error)
            return .recency
        }
    }

    /// What was left out, in as many tokens as there are; nil where nothing of it fits.
    private func summary(
        of request: ChatRequest, _ messages: [BudgetMessage], _ plan: PruningPlan,
        by summarizer: ExtractiveSummarizer, _ counter: TokenCounter, isForced: Bool
    ) async throws -> PrunedRequest.Summary? {
        let frame = counter.template.perMessage + counter.tokens(of: ChatMessage.Role.system.rawValue)
        let heading = PrunedRequest.Summary.heading
        let room =
            min(maximumTokens - plan.tokensAfter, maximumTokens / Self.summaryShares.most) - frame
            - counter.tokens(of: heading)
        let dropped = plan.dropped.map { request.messages[$0].text }
        guard room > 0, !dropped.isEmpty else { return nil }
        let pinned =
            plan.kept.filter { messages[$0].isMarked || messages[$0].role == .system }
            + messages.indices.filter { messages[$0].role == .user }.prefix(1)
        let keywords = PinnedKeywords(extractedFrom: pinned.map { request.messages[$0].text }, lostWith: dropped)
        func summed(by summarizer: ExtractiveSummarizer) async throws -> ExtractiveSummary {
            try await summarizer.summary(of: dropped, budget: room, pinned: keywords) { counter.tokens(of: $0) }
        }
        let summary: ExtractiveSummary
        do { summary = try await summed(by: summarizer) } catch {
            try Self.rethrowPassing(error)
            // The embedder's files are broken: by words alone, then.
            summary = try await summed(by: ExtractiveSummarizer())
        }
        guard !summary.text.isEmpty else { return nil }
        let text = heading + summary.text
        let tokens = frame + counter.tokens(of: text)
        // Heading and text together are never more than apart by more than a token or two; if they are, none is added.
        guard tokens <= maximumTokens - plan.tokensAfter else { return nil }
        return PrunedRequest.Summary(
            text: text, tokens: tokens, sentences: summary.sentences.count, quality: summary.quality,
            isForced: isForced, duration: .zero)
    }
}
