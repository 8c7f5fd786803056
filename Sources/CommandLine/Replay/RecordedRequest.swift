import OrchCore
import OrchReceipts

/// A chat request as its receipt holds it.
struct RecordedRequest: Sendable {
    /// Whether a body is the one that the receipt binds.
    enum Input: String, Sendable {
        case matches
        case differs
        /// The salt is gone.
        case cannotBeChecked = "cannot_be_checked"
        /// The receipt binds no request.
        case notBound = "not_bound"
    }

    let trace: Trace
    private let leaf: Leaf
    private let salt: TraceSalt?

    /// - Throws: ``CommandFailure`` where there is nothing to decide again.
    init(_ evidence: TraceEvidence) throws {
        guard let log = evidence.log else {
            throw CommandFailure(.failure, "the trace has no leaf in the log yet: replay it when its request has ended")
        }
        leaf = try Leaf(parsing: log.leaf)
        switch leaf.check(evidence.stored) {
        case .verified: break
        case .retired(let retirement):
            throw CommandFailure(
                .unavailable,
                "the trace's contents were deleted (\(retirement.rawValue)): the input cannot be checked, and there are "
                    + "no steps to compare")
        // A salt that is gone is said of the input alone.
        case .mismatch where evidence.stored != nil && evidence.stored?.salt == nil: break
        case .mismatch(let fault):
            throw CommandFailure(.failure, "what is stored of the trace is not what its leaf binds: \(fault)")
        }
        guard let stored = evidence.stored else { throw CommandFailure(.notFound, "there is no such trace") }
        trace = try stored.decoded()
        salt = stored.salt.flatMap(TraceSalt.init)
        guard trace.metadata["route"]?.stringValue == "chat" else {
            throw CommandFailure(.failure, "the trace is not a chat request's: nothing else can be decided again")
        }
        if trace.steps.contains(where: { $0.payload["reason"]?.stringValue == "hitl_approved" }) {
            throw CommandFailure(
                .failure,
                "a human had let this request pass (hitl_approved): replay the trace of the request that waited")
        }
    }

    /// Holds a body against the receipt.
    func holds(_ body: [UInt8]) -> Input {
        let name = Commitment.Name.request.rawValue
        guard let bound = leaf.commitments.first(where: { $0.name == name })?.hash else { return .notBound }
        guard let salt else { return .cannotBeChecked }
        return salt.hash(of: body, named: name) == bound ? .matches : .differs
    }

    /// The agent that answered, where a step tells.
    var agent: String? {
        trace.metadata["agent"]?.stringValue
            ?? trace.steps.lazy.compactMap { step in
                step.type == .agentPromptGuardrail || step.type == .toolExecution
                    ? step.payload["agent"]?.stringValue : nil
            }.first
    }
}
