import NIOHTTP1
import OrchCore
import OrchOrchestrator

extension Endpoints {
    var reviewList: Route {
        let reviews = self.reviews
        return Route(
            method: .GET, template: "/v1/hitl",
            operation: Operation(
                summary: "What waits for a human, or did, newest first; callers who are no operators see their own.",
                tag: "reviews",
                query: [
                    QueryParameter(name: "status", summary: "Of one state alone.", schema: ReviewDesk.statusSchema),
                    QueryParameter(
                        name: "limit", summary: "How many, up to 200; 50 without it.",
                        schema: ["type": "integer", "minimum": 1, "maximum": 200]),
                    QueryParameter(
                        name: "cursor", summary: "The next_cursor of the page before.", schema: ["type": "string"]),
                ],
                response: ReviewDesk.pageSchema),
            handle: { incoming in .json(try await reviews.list(incoming.query, caller: incoming.caller)) })
    }

    var review: Route {
        let reviews = self.reviews
        return Route(
            method: .GET, template: "/v1/hitl/{id}",
            operation: Operation(
                summary: "One item, with its arguments while it is open and its result once it has run.",
                tag: "reviews", response: ReviewDesk.itemSchema),
            handle: { incoming in .json(try await reviews.show(incoming.parameter, caller: incoming.caller)) })
    }

    var reviewApproval: Route {
        let reviews = self.reviews
        return Route(
            method: .POST, template: "/v1/hitl/{id}/approve", access: .operators,
            operation: Operation(
                summary: "Approves a request, with other arguments where there are any, and runs it once.",
                tag: "reviews", request: ReviewDesk.decisionSchema(takesArguments: true),
                response: ReviewDesk.itemSchema),
            handle: { incoming in
                Self.reply(
                    try await reviews.approve(
                        incoming.parameter, try await incoming.body(), caller: incoming.caller))
            })
    }

    var reviewDenial: Route {
        let reviews = self.reviews
        return Route(
            method: .POST, template: "/v1/hitl/{id}/deny", access: .operators,
            operation: Operation(
                summary: "Denies a request: it is deleted and never runs.", tag: "reviews",
                request: ReviewDesk.decisionSchema(takesArguments: false), response: ReviewDesk.itemSchema),
            handle: { incoming in
                Self.reply(
                    try await reviews.deny(incoming.parameter, try await incoming.body(), caller: incoming.caller))
            })
    }

    static func reply(_ answer: ReviewDesk.Answer) -> Reply {
        var reply = Reply.json(answer.body)
        reply.traceID = answer.traceID
        return reply
    }
}
