package import OrchCore

/// What a webhook is told: that something waits for a human, was decided, or ended. Never what was asked for.
package struct ReviewEvent: Sendable, Equatable {
    package let id: String
    package let body: [UInt8]
    package let createdAt: Timestamp

    private init(_ type: String, at moment: Timestamp, _ data: JSONObject) {
        id = TraceID.generate(at: moment).description
        createdAt = moment
        let event: JSONValue = [
            "id": .string(id), "type": .string(type), "created_at": .string(moment.description), "data": .object(data),
        ]
        body = event.serialized
    }

    /// `review.<status>`.
    ///
    /// - Parameter status: Where it is not the review's own yet.
    package static func review(_ review: Review, _ status: ApprovalStatus? = nil, at moment: Timestamp) -> ReviewEvent {
        let status = (status ?? review.status).rawValue
        return ReviewEvent(
            "review.\(status)", at: moment,
            [
                "request_id": .string(review.id), "kind": .string(review.kind.rawValue), "status": .string(status),
                "tool": .string(review.tool), "requester": .string(review.requester),
                "created_at": .string(review.createdAt.description),
                "expires_at": .string(review.expiresAt.description),
                "reviewer": review.reviewer.map(JSONValue.string) ?? .null,
            ])
    }

    /// `approval.approved`, without its identity: whoever knows that may use the approval.
    package static func approval(_ approval: Approval) -> ReviewEvent {
        ReviewEvent(
            "approval.approved", at: approval.createdAt,
            [
                "tool": .string(approval.tool), "approver": .string(approval.approver),
                "expires_at": .string(approval.expiresAt.description),
            ])
    }
}
