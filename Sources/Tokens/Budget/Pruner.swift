/// Drops whole turns of a conversation until it fits a budget: lowest priority first, ties oldest first.
///
/// Always kept are system messages, the turn of the first user message, the last turn, turns with a message that is
/// pinned or marked as the goal (whole, so that a pinned answer keeps its question), and the turns that hold the other
/// side of their tool calls. Turns that a tool call links are dropped together, by the lowest priority among them.
/// Strictly in order: a turn that would still fit after a larger one was dropped does not come back.
package struct Pruner: Sendable {
    private let budget: Int
    private let overhead: Int
    private let strategy: PruningStrategy

    /// - Parameters:
    ///   - budget: In tokens; 0 keeps everything, and in less nothing fits.
    ///   - overhead: Tokens that are always there: tool definitions, an agent's prompt, the reply's opening.
    package init(budget: Int, overhead: Int = 0, strategy: PruningStrategy = .recency) {
        self.budget = budget
        self.overhead = max(overhead, 0)
        self.strategy = strategy
    }

    /// The same for the same messages, always; in O(n log n).
    package func plan(_ messages: [BudgetMessage]) throws(BudgetError) -> PruningPlan {
        let turns = ConversationTurns(messages)
        // Twice as wide as what is added, so that no sum overflows.
        let before = messages.reduce(into: Int128(overhead)) { $0 += Int128(max($1.tokens, 0)) }
        let sizes = turns.ranges.map { size(of: messages[$0]) }
        let priorities = turns.ranges.enumerated().map { position, range in
            priority(of: messages[range], base: strategy.base(ofTurn: position, of: turns.ranges.count))
        }
        var fates = turns.ranges.indices.map { obligation(ofTurn: $0, turns, messages) ?? .fits }
        let bundles = bundles(messages, turns, &fates)
            .map { turns in
                Bundle(
                    turns: turns, priority: turns.reduce(.infinity) { min($0, priorities[$1]) },
                    tokens: turns.reduce(0) { $0 + sizes[$1] })
            }
            .sorted { ($0.priority, $0.turns[0]) < ($1.priority, $1.turns[0]) }

        var after = before
        if budget != 0, before > budget {
            let needed = before - bundles.reduce(0) { $0 + $1.tokens }
            guard needed <= budget else { throw BudgetError(needed: Int(clamping: needed), budget: budget) }
            for bundle in bundles where after > budget {
                after -= bundle.tokens
                for turn in bundle.turns { fates[turn] = .dropped }
            }
        }

        let dropped = turns.ranges.indices.filter { fates[$0] == .dropped }
            .flatMap { turns.ranges[$0].filter { messages[$0].role != .system } }
        return PruningPlan(
            kept: messages.indices.without(dropped),
            dropped: dropped,
            turns: turns.ranges.indices.map { turn in
                PruningPlan.Turn(
                    messages: turns.ranges[turn], priority: priorities[turn], tokens: Int(clamping: sizes[turn]),
                    fate: fates[turn])
            },
            tokensBefore: Int(clamping: before),
            tokensAfter: Int(clamping: after))
    }

    /// Turns that can only be dropped together.
    private struct Bundle {
        /// At least one, ascending.
        var turns: [Int]
        var priority: Double
        var tokens: Int128
    }

    private func size(of turn: ArraySlice<BudgetMessage>) -> Int128 {
        turn.reduce(into: 0) { sum, message in
            if message.role != .system { sum += Int128(max(message.tokens, 0)) }
        }
    }

    private func priority(of turn: ArraySlice<BudgetMessage>, base: Double) -> Double {
        turn.reduce(.infinity) { lowest, message in
            message.role == .system ? lowest : min(lowest, message.markedPriority ?? base)
        }
    }

    /// Why the turn must be kept for its own sake.
    private func obligation(
        ofTurn turn: Int, _ turns: ConversationTurns, _ messages: [BudgetMessage]
    ) -> PruningPlan.Fate? {
        let own = messages[turns.ranges[turn]].filter { $0.role != .system }
        if turn == turns.goal || own.contains(where: \.isGoal) { return .goal }
        if turn == turns.ranges.count - 1 { return .lastTurn }
        return own.contains(where: \.isMarkedPinned) ? .pinned : nil
    }

    /// The turns that may be dropped, each with those that tool calls link it to; marks those that must stay for the
    /// sake of another.
    private func bundles(
        _ messages: [BudgetMessage], _ turns: ConversationTurns, _ fates: inout [PruningPlan.Fate]
    ) -> [[Int]] {
        var links = ToolLinks(messages, turns: turns)
        let roots = turns.ranges.indices.map { links.root(of: $0) }
        var mustStay = [Bool](repeating: false, count: roots.count + 1)
        mustStay[links.rootOfSystem()] = true
        for (turn, root) in roots.enumerated() where fates[turn] != .fits { mustStay[root] = true }

        var members = [[Int]](repeating: [], count: roots.count)
        for (turn, root) in roots.enumerated() {
            if !mustStay[root] {
                members[root].append(turn)
            } else if fates[turn] == .fits {
                fates[turn] = .toolPair
            }
        }
        return members.filter { !$0.isEmpty }
    }
}

extension Range<Int> {
    /// All but those, which are ascending.
    fileprivate func without(_ others: [Int]) -> [Int] {
        var rest = others[...]
        return filter { number in
            guard rest.first == number else { return true }
            rest.removeFirst()
            return false
        }
    }
}
