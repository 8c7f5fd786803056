import OrchAgents
import OrchCore
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools

/// What was counted of a request and its answer.
struct TokenUsage: Sendable {
    var input: Int
    var output: Int?
    /// 0 is no limit.
    var budget: Int
    /// The used part of the budget; nil where there is none.
    var utilization: Double?
    /// The vocabulary's name, or `bytes`.
    var tokenizer: String
    var isFallback: Bool
}

/// One request's state on its way through the pipeline.
struct ChatTurn: Sendable {
    let request: ChatRequest
    let caller: Caller
    let agent: Agent?
    var trace: TraceBuilder
    /// What counts, and what it has counted, before anything is left out.
    var input: InputCount
    /// The agent's prompt as it goes out.
    var prompt: AgentPrompts.Fitted?
    /// nil where everything fits.
    var pruned: PrunedRequest?
    /// Of the whole request.
    let budget: TokenBudget
    var routed = Routed.notRouted("not_routed")
    /// What became of a call that a human would have decided on, where it would not run anyway.
    var refusedCall: ToolOutcome?
    /// Whether the answer shows the intent router's decision.
    var showsDecision = false
    var selection: ModelSelection?
    var facts: CallFacts?
    var toolResult: [UInt8]?

    private var hasNotedInput = false

    init(
        request: ChatRequest, caller: Caller, agent: Agent?, prompt: AgentPrompts.Fitted?, input: InputCount,
        budget: TokenBudget, trace: TraceBuilder
    ) {
        self.request = request
        self.caller = caller
        self.agent = agent
        self.prompt = prompt
        self.input = input
        self.budget = budget
        self.trace = trace
    }

    /// Tokens of what is sent.
    var inputTokens: Int { pruned?.tokensAfter ?? input.total }

    /// Tokens that a model server is to make room for.
    var contextTokens: Int {
        guard input.counter.isGuess else { return inputTokens }
        // Where no vocabulary is known for the model, the bytes of all texts.
        let sent = pruned?.plan.kept.map { request.messages[$0] } ?? request.messages
        return max(
            inputTokens, InputCount.bytes(of: sent, besides: request.countedNodes, prompt?.text, pruned?.summary?.text))
    }

    /// The body for a model server.
    var outgoing: OutgoingBody {
        OutgoingBody(
            request: request, agentPrompt: prompt?.text, kept: pruned?.plan.kept, summary: pruned?.summary?.text)
    }

    /// Notes what was counted, once.
    ///
    /// - Parameter output: Tokens of the answer, where it is known by then.
    mutating func noteInput(output: Int? = nil) {
        guard !hasNotedInput else { return }
        hasNotedInput = true
        trace.add(tokenUsage(output: output), selection)
    }

    func tokenUsage(output: Int?) -> TokenUsage {
        TokenUsage(
            input: inputTokens, output: output, budget: budget.maximumTokens,
            utilization: budget.utilization(of: inputTokens), tokenizer: input.counter.name,
            isFallback: input.counter.isFallback)
    }

    func extras(_ receipt: Receipt?, outputTokens: Int, isTruncated: Bool = false) -> AnswerExtras {
        AnswerExtras(
            traceID: trace.trace.id, agent: agent?.name.text, route: routed.decision,
            shownDecision: showsDecision ? routed.shadow ?? routed.decision : nil,
            usage: tokenUsage(output: outputTokens), selection: selection, facts: facts, toolResult: toolResult,
            isTruncated: isTruncated, receipt: receipt)
    }
}
