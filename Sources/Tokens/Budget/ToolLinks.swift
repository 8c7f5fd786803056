/// Which turns hold the two sides of a tool call, and so stay or go together.
///
/// An identifier may come back, as where a model numbers its calls anew in each turn: an answer belongs to the calls
/// of its identifier that wait for one, else to the last of them, else to the next that comes. An answer that nobody
/// ever calls for stands alone in what came, and stays or goes with its turn.
struct ToolLinks {
    /// A union-find forest over the turns, and one more place for all system messages.
    private var parents: [Int]

    init(_ messages: [BudgetMessage], turns: ConversationTurns) {
        let system = turns.ranges.count
        parents = Array(0...system)
        var identifiers: [String: Identifier] = [:]
        var lastCall: Int?
        var turn = 0
        for (index, message) in messages.enumerated() {
            while turn < system, index >= turns.ranges[turn].upperBound { turn += 1 }
            let place = message.role == .system ? system : turn
            if let id = message.answers {
                for call in identifiers[id, default: Identifier()].answer(at: place) { join(call, place) }
            } else if message.role == .tool, let lastCall {
                join(lastCall, place)
            }
            for id in message.calls {
                for answer in identifiers[id, default: Identifier()].call(at: place) { join(answer, place) }
                lastCall = place
            }
        }
    }

    /// The place that stands for all that the turn is linked with; turns are together where it is the same.
    mutating func root(of place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    /// The place that stands for what system messages are linked with.
    mutating func rootOfSystem() -> Int { root(of: parents.count - 1) }

    /// The lower place stands for both.
    private mutating func join(_ one: Int, _ other: Int) {
        let roots = (root(of: one), root(of: other))
        parents[max(roots.0, roots.1)] = min(roots.0, roots.1)
    }

    /// The places of an identifier's calls and answers so far.
    private struct Identifier {
        private var open: [Int] = []
        private var lastCall: Int?
        private var waiting: [Int] = []

        /// The places that an answer belongs to. Each call is returned once as open, so that all of it is linear.
        mutating func answer(at place: Int) -> [Int] {
            guard open.isEmpty else {
                defer { open.removeAll() }
                return open
            }
            if let lastCall { return [lastCall] }
            waiting.append(place)
            return []
        }

        /// The places of the answers that waited for a call.
        mutating func call(at place: Int) -> [Int] {
            lastCall = place
            if waiting.isEmpty { open.append(place) }
            defer { waiting.removeAll() }
            return waiting
        }
    }
}
