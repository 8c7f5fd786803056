import OrchClassification
import Synchronization
import Testing

struct ClassifierTrainerTests {
    private static let sample = SampleLabels(count: 23, examples: 7).labels

    @Test func `any number of threads and any instructions give the same bytes and answers`() async throws {
        let first = try await ClassifierTrainer.sample(threads: 1, instructions: .portable).train(Self.sample)
        let (bytes, answers) = (first.encoded(), first.answers)
        for threads in [2, 4] {
            #expect(try await ClassifierTrainer.sample(threads: threads).train(Self.sample).encoded() == bytes)
        }
        for instructions in Instructions.allCases where instructions.isAvailable {
            let classifier = try await ClassifierTrainer.sample(instructions: instructions).train(Self.sample)
            #expect(classifier.encoded() == bytes)
            #expect(classifier.answers == answers)
        }
    }

    @Test func `the order of examples and repeated ones change no answer`() async throws {
        let turned = Self.sample.map {
            LabelledTexts(id: $0.id, examples: $0.examples.reversed() + $0.examples.prefix(2))
        }
        let classifiers = [
            try await ClassifierTrainer.sample().train(Self.sample), try await ClassifierTrainer.sample().train(turned),
        ]
        #expect(classifiers[0].answers == classifiers[1].answers)
        #expect(classifiers[0].key != classifiers[1].key)
    }

    @Test func `a change takes over what it does not touch, and gives the same bytes as without`() async throws {
        // Neighbours are the nearest twenty: of sixty labels a change reaches some heads only.
        let labels = SampleLabels(count: 60, examples: 4).labels
        let before = try await ClassifierTrainer.sample().train(labels)
        #expect(before.statistics.headsReused == 0)
        var changed = labels
        changed[9] = LabelledTexts(id: labels[9].id, examples: labels[9].examples + ["word 9 new"])
        let cold = try await ClassifierTrainer.sample().train(changed)
        let warm = try await ClassifierTrainer.sample().train(changed, reusing: before)
        #expect(warm.encoded() == cold.encoded())
        #expect(warm.statistics.textsEmbedded == 1)
        #expect(warm.statistics.headsTrained < cold.statistics.headsTrained / 2)
        let decoded = try Classifier(decoding: before.encoded())
        let fromFile = try await ClassifierTrainer.sample().train(changed, reusing: decoded)
        #expect(fromFile.statistics == warm.statistics)
        #expect(fromFile.encoded() == cold.encoded())
        let same = try await ClassifierTrainer.sample().train(labels, reusing: before)
        #expect(same.statistics.headsTrained == 0 && same.statistics.textsEmbedded == 0)
    }

    @Test func `nothing is taken over from another embedder`() async throws {
        let before = try await ClassifierTrainer.sample().train(Self.sample)
        let other = ClassifierTrainer(embedder: "other", dimensions: SampleLabels.dimensions, threads: 2)
        let after = try await other.train(Self.sample, reusing: before)
        #expect(after.statistics.textsReused == 0 && after.statistics.headsReused == 0)
    }

    @Test func `a text that stands in two labels is embedded once`() async throws {
        let labels = [
            LabelledTexts(id: "a", description: "word 1", examples: ["word 1 1", "word 1 2", "word 1 2"]),
            LabelledTexts(id: "b", description: "word 2", examples: ["word 1 2", "word 2", "word 2 2"]),
        ]
        let classifier = try await ClassifierTrainer.sample().train(labels)
        #expect(classifier.statistics.textsEmbedded == 5)
        #expect(classifier.classify(SampleLabels.vector("word 2 9")).candidates.first?.label == 1)
    }

    @Test func `progress rises in each phase up to its total, and portions have 512 texts at most`() async throws {
        let reports = Mutex<[TrainingProgress]>([])
        let portions = Mutex<[Int]>([])
        _ = try await ClassifierTrainer.sample().train(SampleLabels(count: 6, examples: 100).labels) { texts in
            portions.withLock { $0.append(texts.count) }
            return texts.map(SampleLabels.vector)
        } progress: { report in
            reports.withLock { $0.append(report) }
        }
        #expect(portions.withLock(\.self) == [512, 94])
        let all = reports.withLock(\.self)
        for phase in TrainingProgress.Phase.allCases {
            let steps = all.filter { $0.phase == phase }
            #expect(steps.map(\.done) == steps.map(\.done).sorted())
            #expect(steps.last.map { $0.done == $0.total } == true)
        }
        #expect(all.map(\.phase.rawValue) == all.map(\.phase.rawValue).sorted { Self.place($0) < Self.place($1) })
    }

    private static func place(_ phase: String) -> Int {
        TrainingProgress.Phase.allCases.firstIndex { $0.rawValue == phase } ?? -1
    }

    @Test(arguments: [[Float.nan], [.infinity], [1e20], [0.9, 0.9], [-.infinity, 1]])
    func `vectors that hold no numbers or are too long are refused`(start: [Float]) async throws {
        let vector = start + Array(repeating: 0, count: SampleLabels.dimensions - start.count)
        await #expect(throws: ClassifierError.self) {
            try await ClassifierTrainer.sample().train(Self.sample, vectors: { $0.map { _ in vector } })
        }
    }

    @Test func `too few vectors, and vectors of another size, are refused`() async {
        await #expect(throws: ClassifierError.self) {
            try await ClassifierTrainer.sample().train(Self.sample, vectors: { _ in [] })
        }
        await #expect(throws: ClassifierError.self) {
            try await ClassifierTrainer.sample().train(Self.sample, vectors: { $0.map { _ in [1] } })
        }
    }

    @Test func `texts without any content have vectors of zeros, which are taken`() async throws {
        let zeros = [Float](repeating: 0, count: SampleLabels.dimensions)
        let classifier = try await ClassifierTrainer.sample().train(
            [LabelledTexts(id: "", examples: ["", " "]), LabelledTexts(id: "b", examples: ["word 1"])],
            vectors: { $0.map { $0.first == "w" ? SampleLabels.vector($0) : zeros } })
        #expect(classifier.classify(SampleLabels.vector("word 1 1")).candidates.first?.label == 1)
        _ = try Classifier(decoding: classifier.encoded())
    }

    @Test func `no labels, and two of one id, are refused`() async {
        await #expect(throws: ClassifierError.self) { try await ClassifierTrainer.sample().train([]) }
        let twice = [LabelledTexts(id: "a", examples: ["x"]), LabelledTexts(id: "a", examples: ["y"])]
        await #expect(throws: ClassifierError.self) { try await ClassifierTrainer.sample().train(twice) }
    }

    @Test func `a cancelled training ends with an error`() async {
        let task = Task {
            try await ClassifierTrainer.sample().train(Self.sample) { texts in
                withUnsafeCurrentTask { $0?.cancel() }
                return texts.map(SampleLabels.vector)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
