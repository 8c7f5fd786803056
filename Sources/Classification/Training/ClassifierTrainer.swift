/// Learns labels from their examples: the same bits for any number of threads, on any processor, in any build.
package struct ClassifierTrainer: Sendable {
    package let embedder: String
    package let dimensions: Int
    package let threads: Int
    private let instructions: Instructions

    /// - Parameters:
    ///   - embedder: The hash of what makes the vectors.
    ///   - dimensions: How many numbers a vector has; 1 to 2,048.
    ///   - instructions: Tests and benchmarks choose them.
    package init(embedder: String, dimensions: Int, threads: Int, instructions: Instructions = .best) {
        precondition(ClassifierLimits.dimensions.contains(dimensions), "vectors of a size that is not taken")
        precondition(threads > 0, "training needs a thread")
        precondition(instructions.isAvailable, "this processor does not have these instructions")
        self.embedder = embedder
        self.dimensions = dimensions
        self.threads = threads
        self.instructions = instructions
    }

    /// Learns labels, at least one. What `previous` has of the same content is taken over: vectors of texts, and heads
    /// of labels whose own texts and whose neighbours' have not changed. The result is the same without it.
    ///
    /// - Parameters:
    ///   - vectors: Embeds texts in their order, each to length 1 or to zeros; called with 512 texts at most.
    ///   - progress: Called often, one call at a time, and not to take long.
    /// - Throws: ``ClassifierError``, `CancellationError`, and what `vectors` throws.
    package func train(
        _ labels: [LabelledTexts], reusing previous: Classifier? = nil,
        vectors: (_ texts: [String]) async throws -> [[Float]],
        progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws -> Classifier {
        try ClassifierLimits.check(labels)
        let previous = previous.flatMap { $0.embedder == embedder && $0.dimensions == dimensions ? $0 : nil }
        var collection = VectorCollection(dimensions: dimensions)
        let texts = try await collection.table(
            TextCollection(labels), reusing: previous?.texts, vectors: vectors, progress: progress)
        var statistics = collection.statistics
        let plans = try await planned(texts)
        let heads = try await heads(of: plans, texts, known: previous?.heads ?? [:], &statistics, progress)
        let calibration = try await calibration(of: plans, heads, texts, progress)
        return Classifier(
            key: Classifier.key(of: labels, embedder: embedder), embedder: embedder, labels: labels.map(\.id),
            texts: texts, heads: heads, current: plans.plans[0].map { $0?.hash }, calibration: calibration,
            statistics: statistics, instructions)
    }

    private func planned(_ texts: TextTable) async throws -> FoldPlans {
        let (embedder, instructions) = (embedder, instructions)
        let plans = try await Workers(threads: 1).map(1) { _ in
            FoldPlans(texts, embedder: embedder, instructions)
        }
        return plans[0]
    }

    /// All heads that are planned, by their hashes.
    private func heads(
        of plans: FoldPlans, _ texts: TextTable, known: [TextHash: Head], _ statistics: inout TrainingStatistics,
        _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) async throws -> [TextHash: Head] {
        var heads: [TextHash: Head] = [:]
        var missing: [HeadPlan] = []
        var planned: Set<TextHash> = []
        for plan in plans.plans.joined().compactMap(\.self) where planned.insert(plan.hash).inserted {
            if let head = known[plan.hash] { heads[plan.hash] = head } else { missing.append(plan) }
        }
        let (reused, todo, instructions) = (heads.count, missing, instructions)
        statistics.headsReused = reused
        statistics.headsTrained = todo.count
        let report: @Sendable (Int) -> Void = { done in
            progress(TrainingProgress(phase: .learning, done: reused + done, total: reused + todo.count))
        }
        report(0)
        let trained = try await Workers(threads: threads).map(todo.count, finished: report) { index in
            todo[index].train(texts.vectors, instructions)
        }
        for head in trained { heads[head.hash] = head }
        return heads
    }

    /// What the heads of each fold say about the texts that it holds out.
    private func calibration(
        of plans: FoldPlans, _ heads: [TextHash: Head], _ texts: TextTable,
        _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) async throws -> Calibration {
        let instructions = instructions
        let folds = plans.folds.indices.filter { plans.folds[$0] != nil }
        let workers = Workers(threads: threads)
        let scorers = try await workers.map(folds.count) { index in
            LabelScorer(
                texts, members: plans.members[folds[index]],
                heads: plans.plans[folds[index]].map { plan in plan.flatMap { heads[$0.hash] } }, instructions)
        }
        let labels = texts.members.count
        let report: @Sendable (Int) -> Void = { done in
            progress(TrainingProgress(phase: .calibrating, done: done, total: folds.count * labels))
        }
        report(0)
        let heldOut = try await workers.map(folds.count * labels, finished: report) { part in
            let (fold, label) = part.quotientAndRemainder(dividingBy: labels)
            return texts.members[label].heldOut(of: plans.folds[folds[fold]] ?? 0).map { row in
                let query = Query(texts.vectors.values(Int(row)), stride: texts.vectors.stride, instructions)
                return HeldOut(
                    own: label, scores: scorers[fold].scores(query, own: label), same: plans.same[label])
            }
        }
        let hasExamples = texts.members.contains { !$0.examples.isEmpty }
        let fitted = try await Workers(threads: 1).map(1) { _ in
            Calibration(heldOut.flatMap(\.self), labels: labels, learnt: hasExamples)
        }
        return fitted[0]
    }
}
