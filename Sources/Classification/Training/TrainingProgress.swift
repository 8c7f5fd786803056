/// How far training is.
package struct TrainingProgress: Sendable, Hashable {
    package enum Phase: String, Sendable, CaseIterable {
        /// Texts get their vectors.
        case embedding
        /// Heads are trained.
        case learning
        /// Texts that were held out are scored.
        case calibrating
    }

    package let phase: Phase
    /// Texts or heads.
    package let done: Int
    package let total: Int

    package init(phase: Phase, done: Int, total: Int) {
        self.phase = phase
        self.done = done
        self.total = total
    }
}
