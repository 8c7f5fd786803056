import NIOHTTP1
import OrchCore
import OrchOrchestrator

extension Endpoints {
    var chatCompletions: Route {
        let chat = self.chat
        return Route(
            method: .POST, template: "/v1/chat/completions",
            operation: Operation(
                summary: "Answers a conversation, whole or as a stream.", tag: "chat", query: [.debug],
                request: ChatRequest.schema, response: ChatAnswer.schema, otherMediaType: "text/event-stream"),
            handle: { incoming in
                .chat(
                    try await chat.answer(
                        try await incoming.body(), caller: incoming.caller, showsDecision: incoming.isDebug))
            })
    }

    var agentChat: Route {
        let chat = self.chat
        return Route(
            method: .POST, template: "/v1/agents/{name}/chat",
            operation: Operation(
                summary: "The same with an agent's prompt in front.", tag: "agents", query: [.debug],
                request: ChatRequest.schema, response: ChatAnswer.schema, otherMediaType: "text/event-stream"),
            handle: { incoming in
                .chat(
                    try await chat.answer(
                        try await incoming.body(), agentName: incoming.parameter, caller: incoming.caller,
                        showsDecision: incoming.isDebug))
            })
    }

    var embeddingsRoute: Route {
        let embeddings = self.embeddings
        return Route(
            method: .POST, template: "/v1/embeddings",
            operation: Operation(
                summary: "Embeds texts with the built-in model or the provider's.", tag: "models",
                request: EmbeddingPipeline.requestSchema, response: EmbeddingPipeline.answerSchema),
            handle: { incoming in
                let answer = try await embeddings.answer(try await incoming.body(), caller: incoming.caller)
                var reply = Reply.json(answer.body)
                reply.traceID = answer.traceID
                return reply
            })
    }
}

extension Incoming {
    /// `?debug=1`: the answer shows how it was routed.
    fileprivate var isDebug: Bool { query["debug"] == "1" }
}

extension QueryParameter {
    fileprivate static let debug = QueryParameter(
        name: "debug", summary: "1 shows the decision of the intent router, as intent_decision.",
        schema: ["type": "string", "enum": ["0", "1"]])
}
