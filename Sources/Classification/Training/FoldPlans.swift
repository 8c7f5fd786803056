/// Which heads a set of labels needs: those of all examples, and those without each fold.
struct FoldPlans: Sendable {
    /// nil: no fold is held out.
    let folds: [Int?]
    /// Of each fold, each label's rows and its plan; no plan for labels without examples.
    let members: [[[UInt32]]]
    let plans: [[HeadPlan?]]
    /// Of each label, those that mean the same.
    let same: [[Int]]

    init(_ texts: TextTable, embedder: String, _ instructions: Instructions) {
        let all = texts.members.map { $0.rows(without: nil) }
        let centroids = FloatRows(count: all.count, dimensions: texts.vectors.dimensions)
        for (label, rows) in all.enumerated() { centroids.setMean(label, of: rows, in: texts.vectors, instructions) }
        let neighbours = Neighbours(centroids, instructions)
        let nearest = neighbours.nearest
        same = neighbours.same
        let held = (0..<LabelMembers.folds).filter { fold in
            texts.members.contains { !$0.heldOut(of: fold).isEmpty }
        }
        folds = [nil] + held
        var members: [[[UInt32]]] = []
        var plans: [[HeadPlan?]] = []
        for fold in folds {
            let rows = texts.members.map { $0.rows(without: fold) }
            members.append(rows)
            plans.append(
                texts.members.indices.map { label in
                    guard !texts.members[label].examples.isEmpty else { return nil }
                    return HeadPlan(
                        positives: rows[label], neighbours: nearest[label].map { rows[$0] },
                        missing: Neighbours.most - nearest[label].count, of: texts, embedder: embedder)
                })
        }
        self.members = members
        self.plans = plans
    }
}
