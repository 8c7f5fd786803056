package import OrchCore

/// An operator's permission for one call: of this tool, with these arguments, once, in time.
package struct Approval: Sendable, Equatable {
    package let id: String
    package let tool: String
    package let argumentsHash: ArgumentsHash
    /// The operator's name.
    package let approver: String
    package let createdAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        id: String, tool: String, argumentsHash: ArgumentsHash, approver: String, createdAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.tool = tool
        self.argumentsHash = argumentsHash
        self.approver = approver
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A run that has begun: it must be told how it ended.
package struct Claim: Sendable, Equatable {
    /// Who runs: a process of one instance folder. When it starts again, what it had claimed before is unknown.
    package struct Owner: Sendable, Hashable {
        package let name: String

        package init(_ name: String) {
            self.name = name
        }
    }

    /// Of the approval, or of the review.
    package let id: String
    package let owner: Owner

    package init(id: String, owner: Owner) {
        self.id = id
        self.owner = owner
    }
}

/// What a run needs to be claimed.
package struct ClaimRequest: Sendable {
    package var owner: Claim.Owner
    /// A run that has not ended so long after its claim is taken for one whose process died.
    package var lease: Duration

    package init(owner: Claim.Owner, lease: Duration) {
        self.owner = owner
        self.lease = lease
    }
}
