/// Ranks the turns of a conversation by what its last user message asks, for ``PruningStrategy/scores(_:)``.
///
/// Two signals are made comparable (z-scores over the turns) and added: the words that a turn shares with the question
/// (BM25), and how near its vector is to the question's (cosine); without an embedder the words alone. As an answer
/// rarely stands in one turn, each turn then takes the mean of those around it, which count by nearness and length.
/// The same scores for the same input, bit for bit; linear in the length of all.
package struct RelevanceRanking: Sendable {
    /// The scores of the least and of the most relevant turn: those between low (10) and medium (50) marks.
    package static let range = 20.0...50.0
    /// How many words on either side of a turn count into its score, by the mean length of turns; one turn at least.
    /// Settled on QMSum, whose answers are long stretches of short turns.
    static let reachWords = 800
    /// How many turns on either side do at most, and what part of all.
    static let maximumReach = 32
    static let reachShare = 8
    /// A turn of more words counts no more to its neighbours.
    static let fullLength = 30
    /// How many turns are embedded at most, the newest; those before count as average in meaning.
    package static let maximumEmbedded = 1_024

    private let embed: TextVectors?
    private let cache: VectorCache

    /// - Parameters:
    ///   - embed: Nil ranks by words alone.
    ///   - cache: Of this embedder's vectors alone, shared by all rankings that use it.
    package init(embed: TextVectors? = nil, cache: VectorCache = VectorCache()) {
        self.embed = embed
        self.cache = cache
    }

    /// A score from 20 to 50 for each turn. The last turn, which asks, has 50 and does not touch the others' scores;
    /// where nothing tells the others apart, all have 35. Throws what the embedder throws.
    ///
    /// - Parameters:
    ///   - turns: The texts of ``ConversationTurns/ranges`` in their order, without system messages.
    ///   - question: The last user message.
    package func scores(of turns: [String], for question: String) async throws -> [Double] {
        guard !turns.isEmpty else { return [] }
        let earlier = Array(turns.dropLast())
        let overlap = WordOverlap(of: earlier, with: question)
        let similarities = try await similarities(of: earlier, to: question)
        return Self.scores(overlap: overlap.scores, similarities: similarities, lengths: overlap.lengths)
            + [Self.range.upperBound]
    }

    /// The scores of turns by both signals; a signal that is missing counts as average.
    static func scores(overlap: [Double], similarities: [Double?], lengths: [Int]) -> [Double] {
        let sums = zip(Series.zScores(overlap), Series.zScores(similarities)).map { $0 + $1 }
        let weights = lengths.map { Double(min($0, fullLength) + 1) }
        return Series.spread(
            Series.smoothed(sums, weights: weights, reach: reach(lengths)), from: range.lowerBound, to: range.upperBound
        )
    }

    /// How many turns on either side of one belong to it: fewer where turns are long or few.
    static func reach(_ lengths: [Int]) -> Int {
        let words = max(lengths.reduce(0, +), 1)
        // By the mean length, rounded to the nearest.
        let turns = (2 * reachWords * lengths.count + words) / (2 * words)
        return min(max(turns, 1), maximumReach, max(lengths.count / reachShare, 1))
    }

    private func similarities(of turns: [String], to question: String) async throws -> [Double?] {
        guard let embed, !turns.isEmpty, question.contains(where: { !$0.isWhitespace }) else {
            return turns.map { _ in nil }
        }
        let newest = turns.suffix(Self.maximumEmbedded)
        let texts = newest.map { TextExcerpt.beginning(of: $0) } + [question]
        let vectors = try await cache.vectors(of: texts, from: embed)
        guard let asked = vectors.last ?? nil else { return turns.map { _ in nil } }
        return turns.dropLast(newest.count).map { _ in nil }
            + vectors.dropLast().map { $0.flatMap { VectorMath.cosine($0, asked) } }
    }
}
