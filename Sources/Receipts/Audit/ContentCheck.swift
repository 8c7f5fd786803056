/// Whether what is stored of a trace is what its leaf binds.
package enum ContentVerdict: Sendable, Equatable {
    case verified
    /// Steps and salt are gone, and the trace says why.
    case retired(Retirement)
    /// Something differs: what, in words.
    case mismatch(String)
}

extension Leaf {
    /// Compares what is stored with what the leaf binds.
    ///
    /// - Parameter stored: nil where there is no row of the trace.
    package func check(_ stored: StoredTrace?) -> ContentVerdict {
        guard let stored else { return .mismatch("its row in traces is missing") }
        guard stored.id.elementsEqual(traceID.utf8) else { return .mismatch("its row in traces is another trace's") }
        guard stored.createdAt.elementsEqual(openedAt.utf8) else { return .mismatch("traces.created_at was changed") }
        if stored.steps.isEmpty, stored.salt == nil {
            let retirement = Retirement.allCases.first {
                stored.metadata == $0.metadata(status: status, closedAt: closedAt)
            }
            if let retirement { return .retired(retirement) }
        }
        for (place, (step, bound)) in zip(stored.steps, steps).enumerated() {
            if let fault = Self.fault(of: step, place, bound, traceID) {
                return .mismatch("step \(place + 1) (\(bound.type)): \(fault)")
            }
        }
        guard stored.steps.count == steps.count else {
            return .mismatch("\(stored.steps.count) steps are stored, and the leaf binds \(steps.count)")
        }
        return checkMetadata(stored)
    }

    private static func fault(of step: StoredTrace.Step, _ place: Int, _ bound: Step, _ traceID: String) -> String? {
        guard step.id.elementsEqual(StoredStep.id(traceID, place).utf8) else {
            return "trace_steps.id is not that of the next step"
        }
        guard step.traceID.elementsEqual(traceID.utf8) else { return "trace_steps.trace_id was changed" }
        guard step.type.elementsEqual(bound.type.utf8) else { return "trace_steps.step_type was changed" }
        guard step.createdAt.elementsEqual(bound.at.utf8) else { return "trace_steps.created_at was changed" }
        return step.hash == bound.hash ? nil : "trace_steps.step_json was changed"
    }

    private func checkMetadata(_ stored: StoredTrace) -> ContentVerdict {
        let name = Commitment.Name.metadata.rawValue
        guard let bound = commitments.first(where: { $0.name == name })?.hash else {
            return .mismatch("the leaf does not bind traces.metadata_json")
        }
        guard let salt = stored.salt else { return .mismatch("its row in trace_salts is missing") }
        guard let salt = TraceSalt(salt) else { return .mismatch("trace_salts.salt was changed") }
        guard salt.hash(of: stored.metadata, named: name) == bound else {
            return .mismatch("traces.metadata_json or trace_salts.salt was changed")
        }
        return .verified
    }
}
