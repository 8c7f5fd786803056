import OrchClassification
import Testing

struct ClassifierTests {
    @Test func `texts near a label's examples belong to it, and others to none`() async throws {
        let classifier = try await ClassifierTrainer.sample().train(SampleLabels(count: 23, examples: 8).labels)
        var generator = Generator(5)
        for label in 0..<23 {
            let near = classifier.classify(SampleLabels.vector("word \(label) unseen"))
            #expect(near.candidates.first?.label == label)
            #expect(near.belonging > 0.8 && near.gap > 0.5)
        }
        let far = (0..<40).map { _ in classifier.classify(generator.vector(SampleLabels.dimensions)).belonging }
        #expect(far.sorted()[20] < 0.5)
    }

    @Test(arguments: [1, 2, 3, 5, 40])
    func `probabilities are in order, and their sum is 1 at most`(count: Int) async throws {
        let classifier = try await ClassifierTrainer.sample().train(SampleLabels(count: count, examples: 3).labels)
        for answer in classifier.answers {
            let probabilities = answer.candidates.map(\.probability)
            #expect(probabilities.count == min(3, count))
            #expect(probabilities == probabilities.sorted(by: >))
            #expect(probabilities.reduce(0, +) <= 1.0002)
            #expect((0...1).contains(answer.belonging) && (0...1).contains(answer.gap))
            #expect(answer.confidence <= answer.belonging)
            let first = try #require(probabilities.first)
            #expect((answer.confidence - answer.belonging * first).magnitude < 0.0002)
        }
    }

    @Test func `of one label the gap is 1, and belonging still tells near from far`() async throws {
        let classifier = try await ClassifierTrainer.sample().train(SampleLabels(count: 1, examples: 1).labels)
        let near = classifier.classify(SampleLabels.vector("word 0 other"))
        let far = classifier.classify(SampleLabels.centre(9))
        #expect(near.gap == 1 && far.gap == 1)
        #expect(near.belonging > 0.8 && far.belonging < 0.6)
    }

    @Test func `labels of the same texts have a gap of 0, and the earlier one comes first`() async throws {
        let texts = SampleLabels(count: 4, examples: 5).labels
        let twin = LabelledTexts(id: "twin", description: "word 2", examples: texts[2].examples)
        let labels = [
            texts[0], twin, texts[1], LabelledTexts(id: "b", description: "word 2", examples: texts[2].examples),
        ]
        let answer = try await ClassifierTrainer.sample().train(labels).classify(SampleLabels.vector("word 2 x"))
        #expect(answer.candidates.map(\.label).prefix(2) == [1, 3])
        #expect(answer.gap == 0)
    }

    @Test func `a label without examples is found by its description, among others and alone`() async throws {
        let described = LabelledTexts(id: "word_7_x")
        let mixed = SampleLabels(count: 5, examples: 6).labels + [described]
        let question = SampleLabels.vector("word 7 x")
        let among = try await ClassifierTrainer.sample().train(mixed).classify(question)
        #expect(among.candidates.first?.label == 5)
        let alone = try await ClassifierTrainer.sample().train([described]).classify(question)
        #expect(alone.candidates == [Classification.Candidate(label: 0, probability: 1)])
        #expect(alone.belonging > 0.8)
    }

    @Test func `vectors of zeros and of what is no number belong to none`() async throws {
        let classifier = try await ClassifierTrainer.sample().train(SampleLabels(count: 4, examples: 4).labels)
        let zeros = classifier.classify(Array(repeating: 0, count: SampleLabels.dimensions))
        #expect(zeros.belonging < 0.5)
        for value in [Float.nan, .infinity] {
            var vector = SampleLabels.centre(1)
            vector[3] = value
            #expect(classifier.classify(vector) == zeros)
        }
    }

    @Test func `the key is that of what was learnt from, in its order`() {
        let labels = SampleLabels(count: 3, examples: 2).labels
        let key = Classifier.key(of: labels, embedder: "a")
        #expect(key.utf8.count == 64)
        #expect(Classifier.key(of: labels, embedder: "b") != key)
        #expect(Classifier.key(of: labels.reversed(), embedder: "a") != key)
        #expect(Classifier.key(of: labels.dropLast(), embedder: "a") != key)
        let joined = [LabelledTexts(id: "ab", examples: ["c"]), LabelledTexts(id: "a", examples: ["bc"])]
        #expect(Set(joined.map { Classifier.key(of: [$0], embedder: "") }).count == 2)
        let spelled = [LabelledTexts(id: "a_b"), LabelledTexts(id: "a_b", description: "a b")]
        #expect(Set(spelled.map { Classifier.key(of: [$0], embedder: "") }).count == 1)
    }
}
