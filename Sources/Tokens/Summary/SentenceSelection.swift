/// Chooses sentences for a budget: first those with pinned keywords, then always the one that brings most for its
/// length.
///
/// What a sentence brings is the sum of three parts, each by its greatest: how central it is; how much it has of the
/// words that tell most of the source and that the chosen ones have not; and how much nearer it comes to the candidates
/// than the chosen ones are (facility location). The last two are submodular, which is what makes choosing greedily good enough
/// (Lin and Bilmes, 2011). It counts less the more the sentence is like a chosen one (maximal marginal relevance,
/// Carbonell and Goldstein, 1998), and is divided by the root of its cost.
struct SentenceSelection {
    /// From this cosine on, a sentence says what a chosen one says, and is left out.
    private static let sameCosine = 0.8

    private let source: SummarySource
    /// Units that may be chosen, best first, and what is known of each.
    private let candidates: [Int]
    private let scores: [Double]
    private let costs: [Int]
    private let pairs: SentencePairs
    private var budget: Int
    /// The greatest similarity of each candidate to what is chosen.
    private var nearest: [Double]
    private var isTaken: [Bool]
    /// Whether a chosen one says the same.
    private var isRepetition: [Bool]
    /// How much each term still brings; 0 from when a chosen sentence has it.
    private var termWeights: [Double]
    private var chosen: [Int] = []

    /// The units chosen, in the order of the choice.
    ///
    /// - Parameters:
    ///   - candidates: Units, best first.
    ///   - scores: How central each is, from 0 to 1.
    ///   - costs: Of each, in tokens.
    static func choose(
        from source: SummarySource, candidates: [Int], scores: [Double], costs: [Int], pairs: SentencePairs, budget: Int
    ) -> [Int] {
        var selection = SentenceSelection(
            source: source, candidates: candidates, scores: scores, costs: costs.map { max($0, 1) }, pairs: pairs,
            budget: budget, nearest: candidates.map { _ in 0 }, isTaken: candidates.map { _ in false },
            isRepetition: candidates.map { _ in false },
            termWeights: source.vectors.keyWeights)
        selection.choosePinned()
        selection.chooseBest()
        return selection.chosen
    }

    /// Takes, until every keyword is there that can be, the sentence with most of those that are missing; of several
    /// the most central.
    private mutating func choosePinned() {
        var missing = Set(candidates.flatMap { source.units[$0].keywords })
        while !missing.isEmpty {
            var best: (place: Int, found: Int)?
            for place in candidates.indices where !isTaken[place] && costs[place] <= budget {
                let found = source.units[candidates[place]].keywords.count { missing.contains($0) }
                guard found > 0 else { continue }
                guard let other = best else {
                    best = (place, found)
                    continue
                }
                if (found, scores[place]) > (other.found, scores[other.place]) { best = (place, found) }
            }
            guard let best else { return }
            missing.subtract(source.units[candidates[best.place]].keywords)
            take(best.place)
        }
    }

    private mutating func chooseBest() {
        while true {
            let open = candidates.indices.filter { !isTaken[$0] && !isRepetition[$0] && costs[$0] <= budget }
            let words = shares(open.map(newWords))
            let reach = shares(open.map(newReach))
            var best: (place: Int, value: Double)?
            for (number, place) in open.enumerated() {
                let gain = scores[place] + words[number] + reach[number]
                let value = gain * (1 - nearest[place]) / Double(costs[place]).squareRoot()
                if best.map({ value > $0.value }) ?? true { best = (place, value) }
            }
            guard let best else { return }
            take(best.place)
        }
    }

    private func newWords(_ place: Int) -> Double {
        source.vectors.sentences[candidates[place]].reduce(0) { $0 + termWeights[$1.term] }
    }

    private func newReach(_ place: Int) -> Double {
        zip(pairs[place], nearest).reduce(0) { $0 + max($1.0 - $1.1, 0) }
    }

    private func shares(_ numbers: [Double]) -> [Double] {
        guard let most = numbers.max(), most > 0 else { return numbers }
        return numbers.map { $0 / most }
    }

    private mutating func take(_ place: Int) {
        budget -= costs[place]
        chosen.append(candidates[place])
        isTaken[place] = true
        for entry in source.vectors.sentences[candidates[place]] { termWeights[entry.term] = 0 }
        for (other, cosine) in zip(candidates.indices, pairs[place]) {
            nearest[other] = max(nearest[other], min(cosine, 1))
            if cosine >= Self.sameCosine { isRepetition[other] = true }
        }
    }
}
