/// What turns scores into probabilities.
struct Calibration: Sendable, Hashable {
    /// A score's log-odds of the text belonging to the label.
    struct Line: Sendable, Hashable {
        var slope: Double
        var shift: Double

        func callAsFunction(_ score: Double) -> Double { slope * score + shift }
    }

    /// For labels with examples.
    let learnt: Line
    /// For labels without.
    let described: Line
    /// What log-odds are multiplied by before labels are compared.
    let temperature: Double

    /// How likely a text belongs to some label at all, before anything is known of it: with n labels n + 2 of n + 10. Of what
    /// people say, more belongs to many intents than to few. An assumption, which the examples cannot tell: they hold
    /// nothing that belongs nowhere.
    static func expectedBelonging(of labels: Int) -> Double { Double(labels + 2) / Double(labels + 10) }

    /// The same figures under another expectation than the defaults', which were measured with 150 labels.
    func expecting(_ labels: Int) -> Calibration {
        let change = FixedReals.logarithm(Double(labels + 2) / 152)
        func changed(_ line: Line) -> Line { Line(slope: line.slope, shift: line.shift + change) }
        return Calibration(learnt: changed(learnt), described: changed(described), temperature: temperature)
    }

    func logOdds(_ score: LabelScore) -> Double {
        switch score.kind {
        case .learnt: learnt(score.value)
        case .described: described(score.value)
        }
    }

    /// The outcome of scores, of which there is at least one, in the order of labels.
    func classification(_ scores: [LabelScore]) -> Classification {
        let ranked = Ranked.best(scores.count, of: scores.count) {
            Ranked(index: scores[$0].label, value: logOdds(scores[$0]))
        }
        let highest = ranked.first?.value ?? 0
        let powers = ranked.map { FixedReals.exponential(temperature * ($0.value - highest)) }
        let sum = powers.reduce(0, +)
        let belonging = FixedReals.logistic(highest)
        return Classification(
            belonging: FixedReals.toFourPlaces(belonging),
            candidates: zip(ranked, powers).prefix(3).map {
                Classification.Candidate(label: $0.index, probability: FixedReals.toFourPlaces($1 / sum))
            },
            confidence: FixedReals.toFourPlaces(belonging * ((powers.first ?? 0) / sum))
        )
    }
}
