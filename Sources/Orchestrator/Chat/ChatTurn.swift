import OrchAgents
import OrchCore
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTokens

/// One request's state on its way through the pipeline.
struct ChatTurn: Sendable {
    let request: ChatRequest
    let caller: Caller
    let agent: Agent?
    var trace: TraceBuilder
    var inputTokens = 0
    var route = RouteDecision.noMatch
    var selection: ModelSelection?
    var facts: CallFacts?
    var toolResult: [UInt8]?

    init(request: ChatRequest, caller: Caller, agent: Agent?, trace: TraceBuilder) {
        self.request = request
        self.caller = caller
        self.agent = agent
        self.trace = trace
    }

    func extras(_ receipt: Receipt?, isTruncated: Bool = false) -> AnswerExtras {
        AnswerExtras(
            traceID: trace.trace.id, agent: agent?.name.text, route: route, inputTokens: inputTokens,
            selection: selection, facts: facts, toolResult: toolResult, isTruncated: isTruncated, receipt: receipt)
    }
}
