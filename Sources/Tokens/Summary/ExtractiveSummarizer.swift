/// Summarises texts by choosing sentences of theirs: the most central, without repetition, pinned keywords first.
///
/// Central is what shares rare words with many other sentences (LexRank) and, with an embedder, is near to the mean of
/// the best in meaning. The same summary for the same input, bit for bit. Near-linear in the length of the texts: only
/// the choice among a bounded number of the best compares pairs.
package struct ExtractiveSummarizer: Sendable {
    /// Sentences that are longer, in bytes, are cut into pieces.
    package static let longestSentence = 480
    /// Among how many sentences the choice is made, the most central; and for each pinned keyword some that have it.
    package static let maximumCandidates = 512
    /// How many candidates are embedded, the most central.
    package static let maximumEmbedded = 128
    /// What has less of the greatest centrality stands apart from the rest, and does not fill up a budget.
    private static let leastCentrality = 0.1
    /// How many sentences of a pinned keyword are candidates for its sake.
    private static let candidatesOfKeyword = 8

    private let embed: TextVectors?
    private let cache: VectorCache

    /// - Parameters:
    ///   - embed: Nil goes by words alone.
    ///   - cache: Of this embedder's vectors alone.
    package init(embed: TextVectors? = nil, cache: VectorCache = VectorCache()) {
        self.embed = embed
        self.cache = cache
    }

    /// The summary of texts, such as the messages that pruning drops, in their order. Throws what the embedder throws.
    ///
    /// - Parameters:
    ///   - budget: In tokens, as `count` counts the summary's text; in 0 and less nothing fits.
    ///   - count: Of a text, in tokens. Called for single sentences and for whole texts.
    package func summary(
        of texts: [String], budget: Int, pinned: PinnedKeywords = .none, count: @Sendable (String) -> Int
    ) async throws -> ExtractiveSummary {
        let sourceTokens = Int(clamping: texts.reduce(Int128(0)) { $0 + Int128(max(count($1), 0)) })
        let limit = Self.pieceLimit(budget, tokens: sourceTokens, bytes: texts.reduce(0) { $0 + $1.utf8.count })
        let source = SummarySource(texts, pinned: pinned, limit: limit)
        let chosen = try await choose(from: source, budget: budget) { count($0 + "\n") }
        return Self.fitted(
            source, chosen, budget: budget, pinned: pinned, sourceTokens: sourceTokens, count: count)
    }

    /// The summary of a text in so many sentences at most. Its sizes are in bytes.
    package func summary(of text: String, sentences: Int) async throws -> ExtractiveSummary {
        let source = SummarySource([text], pinned: .none, limit: Self.longestSentence)
        var chosen = try await choose(from: source, budget: sentences) { _ in 1 }
        // Where no sentence tells more than another, the first ones.
        if chosen.isEmpty { chosen = Array(source.units.indices.prefix(max(sentences, 0))) }
        return Self.fitted(
            source, chosen, budget: .max, pinned: .none, sourceTokens: text.utf8.count, count: { $0.utf8.count })
    }

    /// The units that make the summary, in the order of the choice.
    ///
    /// - Parameter cost: Of a unit, in what the budget is.
    private func choose(
        from source: SummarySource, budget: Int, cost: (String) -> Int
    ) async throws -> [Int] {
        let centralities = source.centralities()
        let candidates = Self.candidates(source, centralities)
        let vectors = try await vectors(of: candidates.map { String(source.units[$0].text) })
        let scores = Self.scores(candidates.map { centralities[$0] }, vectors)
        return SentenceSelection.choose(
            from: source, candidates: candidates, scores: scores,
            costs: candidates.map { cost(String(source.units[$0].text)) },
            pairs: SentencePairs(candidates, source.vectors, embedded: vectors), budget: budget)
    }

    /// The length of pieces of endless sentences, in bytes: where the budget is small, so that one fits.
    private static func pieceLimit(_ budget: Int, tokens: Int, bytes: Int) -> Int {
        let fitting = Double(budget) * Double(bytes) / Double(max(tokens, 1)) * 3 / 4
        return Int(min(max(fitting, 64), Double(longestSentence)))
    }

    /// The most central units and, for each keyword, the most central that have it; best first, ties oldest first.
    private static func candidates(_ source: SummarySource, _ centralities: [Double]) -> [Int] {
        let order = source.units.indices.sorted { (centralities[$1], $0) < (centralities[$0], $1) }
        let least = leastCentrality * (order.first.map { centralities[$0] } ?? 0)
        var found = [Int](repeating: 0, count: PinnedKeywords.maximum)
        var isForKeyword = [Bool](repeating: false, count: order.count)
        for unit in order {
            for keyword in source.units[unit].keywords where found[keyword] < candidatesOfKeyword {
                found[keyword] += 1
                isForKeyword[unit] = true
            }
        }
        return order.enumerated()
            .filter { place, unit in
                (place < maximumCandidates && centralities[unit] > 0 && centralities[unit] >= least)
                    || isForKeyword[unit]
            }
            .map(\.element)
    }

    /// Of each text its vector, where it has one.
    private func vectors(of texts: [String]) async throws -> [[Float]?] {
        guard let embed else { return texts.map { _ in nil } }
        let embedded = texts.prefix(Self.maximumEmbedded).map { TextExcerpt.beginning(of: $0) }
        return try await cache.vectors(of: embedded, from: embed) + texts.dropFirst(embedded.count).map { _ in nil }
    }

    /// From 0 to 1 for each candidate: by centrality, with nearness to the vectors' mean added where there are any.
    private static func scores(_ centralities: [Double], _ vectors: [[Float]?]) -> [Double] {
        let mean = VectorMath.mean(vectors.compactMap { $0 })
        let nearness = vectors.map { vector in vector.flatMap { VectorMath.cosine($0, mean) } }
        let sums = zip(Series.zScores(centralities), Series.zScores(nearness)).map { $0 + $1 }
        return Series.spread(sums, from: 0, to: 1)
    }

    /// The units in the source's order. Sentences together may count more than one by one: what is too much then goes,
    /// the last choice first.
    private static func fitted(
        _ source: SummarySource, _ chosen: [Int], budget: Int, pinned: PinnedKeywords, sourceTokens: Int,
        count: (String) -> Int
    ) -> ExtractiveSummary {
        var chosen = chosen
        var (text, tokens) = ("", 0)
        while !chosen.isEmpty {
            text = chosen.sorted().map { source.units[$0].text }.joined(separator: "\n")
            tokens = count(text)
            if tokens <= budget { break }
            chosen.removeLast()
            (text, tokens) = ("", 0)
        }
        return ExtractiveSummary(
            sentences: chosen.sorted().map { String(source.units[$0].text) }, text: text, tokens: tokens,
            quality: SummaryQuality(
                source, chosen: chosen, pinned: pinned, summaryTokens: tokens, sourceTokens: sourceTokens))
    }
}
