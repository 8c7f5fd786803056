import Testing

@testable import OrchClassification

struct LabelScorerTests {
    @Test func `the labels that are kept are the best of all`() async throws {
        let classifier = try await ClassifierTrainer.sample().train(SampleLabels(count: 50, examples: 5).labels)
        let texts = classifier.texts
        let scorer = LabelScorer(
            texts, members: texts.members.map { $0.rows(without: nil) },
            heads: classifier.current.map { hash in hash.flatMap { classifier.heads[$0] } }, .best)
        for question in SampleLabels.questions {
            let query = Query(question, stride: texts.vectors.stride, .best)
            let all = (0..<50).map { label in
                scorer.scores(query, own: label).first { $0.label == label }?.value ?? -1
            }
            let kept = scorer.scores(query)
            #expect(kept.count == LabelScorer.kept)
            #expect(kept.map(\.label) == kept.map(\.label).sorted())
            #expect(kept.map(\.value).max() == all.max())
        }
    }

    @Test func `the first few stand in their order, equal ones by their place`() {
        let values = [1.0, 3, 2, 3, 0, 2]
        let best = Ranked.best(4, of: values.count) { Ranked(index: $0, value: values[$0]) }
        #expect(best.map(\.index) == [1, 3, 2, 5])
        #expect(Ranked.best(9, of: 2) { Ranked(index: $0, value: 0) }.map(\.index) == [0, 1])
    }
}
