import NIOHTTP1
import OrchCore
import OrchOrchestrator

extension Endpoints {
    var toolList: Route {
        let tools = self.tools
        return Route(
            method: .GET, template: "/v1/tools",
            operation: Operation(
                summary: "The tools, and what the policy says of each today.", tag: "tools",
                response: ToolPipeline.listingSchema),
            handle: { _ in .json(tools.listing()) })
    }

    var toolExecution: Route {
        let tools = self.tools
        return Route(
            method: .POST, template: "/v1/tools/execute",
            operation: Operation(
                summary: "Runs a tool under policy; its failures are results, too.", tag: "tools",
                request: ToolPipeline.requestSchema, response: ToolPipeline.answerSchema),
            handle: { incoming in
                let answer = try await tools.answer(try await incoming.body(), caller: incoming.caller)
                var reply = Reply.json(answer.body)
                reply.traceID = answer.traceID
                return reply
            })
    }

    var toolApproval: Route {
        let reviews = self.reviews
        return Route(
            method: .POST, template: "/v1/tools/approve", access: .operators,
            operation: Operation(
                summary: "Gives an approval for one call of an unsafe tool, which another caller may use once.",
                tag: "tools", request: ReviewDesk.approvalRequestSchema, response: ReviewDesk.approvalSchema),
            handle: { incoming in
                Self.reply(try await reviews.issue(try await incoming.body(), caller: incoming.caller))
            })
    }
}
