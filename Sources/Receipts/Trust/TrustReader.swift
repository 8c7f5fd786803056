package import OrchCore

/// Reads stored steps across traces, for operators.
package protocol TrustReader: Sendable {
    /// Steps by their keys backwards: the newest trace first, and of a trace the newest step first.
    ///
    /// Looks at the newest ``StoredSteps/maximumSearched`` steps at most, whatever it finds among them.
    ///
    /// - Parameters:
    ///   - types: Only steps of these kinds; all where none is named.
    ///   - trace: Only steps of this trace.
    ///   - limit: How many steps are wanted.
    func events(types: Set<StepType>, trace: TraceID?, limit: Int) async throws(ReceiptError) -> StoredSteps
}

/// What a search for steps found.
package struct StoredSteps: Sendable, Equatable {
    /// Steps that one search looks at.
    package static let maximumSearched = 50_000

    package var steps: [StoredTrace.Step]
    /// false where the search ended at ``maximumSearched``, with fewer steps than were wanted and older ones unseen.
    package var isComplete: Bool

    package init(steps: [StoredTrace.Step], isComplete: Bool) {
        self.steps = steps
        self.isComplete = isComplete
    }
}
