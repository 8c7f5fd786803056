/// How turns are ranked whose messages bear no mark. All of it lies between low (10) and medium (50) marks.
package enum PruningStrategy: Sendable, Equatable {
    /// 20 + 30 × (position + 1) / count, with the turn's position, from 0, among all turns: the last has 50.
    case recency
    /// One score per turn, in the order of `ConversationTurns.ranges`, held to 20…50. A turn without a score, or with
    /// one that is no number, has the one of recency.
    case scores([Double])

    /// As ORCH_PRUNE_STRATEGY says it.
    package var name: String {
        switch self {
        case .recency: "recency"
        case .scores: "relevance"
        }
    }

    /// The priority of an unmarked message in the turn.
    func base(ofTurn position: Int, of count: Int) -> Double {
        if case .scores(let scores) = self, position < scores.count, !scores[position].isNaN {
            return min(max(scores[position], 20), 50)
        }
        // One division, so that thirds and sevenths are rounded once, and the same on every machine.
        return 20 + 30 * Double(position + 1) / Double(count)
    }
}
