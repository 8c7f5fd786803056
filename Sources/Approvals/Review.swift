package import OrchCore

/// A request that waits for a human, or did.
package struct Review: Sendable, Equatable {
    /// What is asked for. The set will grow.
    package enum Kind: String, Sendable {
        /// A call of an unsafe tool.
        case toolCall = "tool_call"
        /// A call that the intent router would have made.
        case route = "intent_route"
        /// A request that a model would have answered.
        case chat
    }

    package let id: String
    package var kind: Kind
    package var status: ApprovalStatus
    /// Of a request for a model: ``chat``.
    package var tool: String
    /// JSON of the decision that a human was asked for by: names and figures, no words of the request.
    package var evidence: String?
    /// Of the arguments that were asked for; once approved, of those that were approved. Empty once erased.
    package var argumentsHash: ArgumentsHash
    /// The name of the token that the request came with.
    package var requester: String
    package var agent: String?
    package var createdAt: Timestamp
    /// Until when a human may decide.
    package var expiresAt: Timestamp
    /// The trace of the request that was stopped.
    package var requestTrace: String?

    /// The operator that decided.
    package var reviewer: String?
    package var decidedAt: Timestamp?
    /// Whether the operator approved other arguments than those asked for.
    package var isEdited: Bool
    /// The trace of the decision, and of the run.
    package var decisionTrace: String?
    package var endedAt: Timestamp?

    /// The stored request, sealed; gone when the review ends.
    package var payload: SealedText?
    /// The operator's note, sealed.
    package var note: SealedText?
    /// What the run gave, sealed.
    package var result: SealedText?

    /// What stands for the tool of a request for a model.
    package static let chat = "chat"

    package init(
        id: String, kind: Kind = .toolCall, status: ApprovalStatus = .pending, tool: String,
        evidence: String? = nil, argumentsHash: ArgumentsHash, requester: String, agent: String? = nil,
        createdAt: Timestamp,
        expiresAt: Timestamp, requestTrace: String? = nil, reviewer: String? = nil, decidedAt: Timestamp? = nil,
        isEdited: Bool = false, decisionTrace: String? = nil, endedAt: Timestamp? = nil, payload: SealedText? = nil,
        note: SealedText? = nil, result: SealedText? = nil
    ) {
        self.id = id
        self.kind = kind
        self.status = status
        self.tool = tool
        self.evidence = evidence
        self.argumentsHash = argumentsHash
        self.requester = requester
        self.agent = agent
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.requestTrace = requestTrace
        self.reviewer = reviewer
        self.decidedAt = decidedAt
        self.isEdited = isEdited
        self.decisionTrace = decisionTrace
        self.endedAt = endedAt
        self.payload = payload
        self.note = note
        self.result = result
    }

    /// What is approved in place of what was asked for.
    package struct Edit: Sendable {
        package var argumentsHash: ArgumentsHash
        package var payload: SealedText

        package init(argumentsHash: ArgumentsHash, payload: SealedText) {
            self.argumentsHash = argumentsHash
            self.payload = payload
        }
    }

    /// How a human decided.
    package struct Decision: Sendable {
        package enum Verdict: Sendable {
            /// Runs the request, with other arguments than asked for if there are any.
            case approve(ClaimRequest, edited: Edit?)
            case deny
        }

        package var verdict: Verdict
        package var reviewer: String
        package var note: SealedText?
        package var trace: String?

        package init(
            _ verdict: Verdict, by reviewer: String, note: SealedText? = nil, trace: String? = nil
        ) {
            self.verdict = verdict
            self.reviewer = reviewer
            self.note = note
            self.trace = trace
        }
    }
}
