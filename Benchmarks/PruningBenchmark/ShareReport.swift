import Foundation
import OrchTokens

/// The share of the answers' tokens that pruning keeps at some sizes: of each query the tokens of answer turns that are
/// kept, by those of all its answer turns; the mean over the queries.
///
/// Pruning is the program's: each turn of the meeting is a turn of the conversation, the query its last. The first turn
/// and the query are always kept, as the goal and the last turn; the query's own tokens come on top of the budget.
struct ShareReport {
    static let sizes = [0.10, 0.25, 0.50]

    let count: @Sendable (String) -> Int
    let embedders: [Embedder]

    func run(_ meetings: [Meeting]) async throws {
        print("| share of the answers' tokens kept, in % | at 10% | at 25% | at 50% |")
        print("| --- | ---: | ---: | ---: |")
        row("most recent", try await shares(meetings, isNamed: true) { _, _ in .recency })
        let words = RelevanceRanking()
        row(
            "words alone",
            try await shares(meetings, isNamed: true) { .scores(try await words.scores(of: $0, for: $1)) })
        for embedder in embedders {
            for isNamed in [true, false] {
                let ranking = RelevanceRanking(embed: embedder.vectors, cache: VectorCache())
                let shares = try await shares(meetings, isNamed: isNamed) {
                    .scores(try await ranking.scores(of: $0, for: $1))
                }
                row("words and \(embedder.name)\(isNamed ? "" : ", without the speakers' names")", shares)
            }
        }
    }

    private func row(_ name: String, _ shares: [Double]) {
        print("| \(name) | " + shares.map { String(format: "%.1f", 100 * $0) }.joined(separator: " | ") + " |")
    }

    private func shares(
        _ meetings: [Meeting], isNamed: Bool, _ strategy: ([String], String) async throws -> PruningStrategy
    ) async throws -> [Double] {
        var sums = Self.sizes.map { _ in 0.0 }
        var queries = 0
        for meeting in meetings {
            let turns = meeting.turns.map { isNamed ? "\($0.speaker): \($0.text)" : $0.text }
            let tokens = turns.map(count)
            for query in meeting.queries {
                let own = count(query.text)
                let strategy = try await strategy(turns + [query.text], query.text)
                let messages = (tokens + [own]).map { BudgetMessage(role: .user, tokens: $0) }
                let answer = query.answer.reduce(0) { $0 + tokens[$1] }
                for (place, size) in Self.sizes.enumerated() {
                    let budget = Int(size * Double(tokens.reduce(0, +))) + own
                    let kept = Set(try Pruner(budget: budget, strategy: strategy).plan(messages).kept)
                    let found = query.answer.reduce(0) { kept.contains($1) ? $0 + tokens[$1] : $0 }
                    sums[place] += Double(found) / Double(max(answer, 1))
                }
                queries += 1
            }
        }
        return sums.map { $0 / Double(max(queries, 1)) }
    }
}
