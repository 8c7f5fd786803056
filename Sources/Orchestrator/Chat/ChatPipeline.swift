import OrchAgents
package import OrchCore
package import OrchProviders
import OrchReceipts
import OrchRouting
package import OrchTokens
import OrchTools

/// The way of a chat request, from its body to its answer.
package struct ChatPipeline: Sendable {
    package enum Mode: String, Sendable {
        /// A model, or the local answer.
        case basic
        /// Routing, tools, then a model.
        case advanced
    }

    package struct Settings: Sendable {
        package var mode: Mode
        /// ORCH_LLM_MAX_OUTPUT_CHARS: Unicode scalars of a model's answer; 0 is no limit.
        package var maximumOutputCharacters: Int
        /// Whether a model server is on another machine, so that asking it lets the prompt escape.
        package var asksOtherMachines: Bool
        /// nil where ORCH_OUTPUT_GUARD is off.
        package var outputGuard: OutputGuard?
        /// ORCH_INTENT_DECISION_EXPOSE: answers show the intent router's decisions.
        package var showsDecisions: Bool

        package init(
            mode: Mode, maximumOutputCharacters: Int, asksOtherMachines: Bool, outputGuard: OutputGuard? = nil,
            showsDecisions: Bool = false
        ) {
            self.mode = mode
            self.maximumOutputCharacters = maximumOutputCharacters
            self.asksOtherMachines = asksOtherMachines
            self.outputGuard = outputGuard
            self.showsDecisions = showsDecisions
        }
    }

    /// Who answers what no tool does.
    package enum Models: Sendable {
        case available(ModelGateway)
        case none(NoModelReason)
    }

    let settings: Settings
    let policies: @Sendable () -> Policies
    let models: Models
    let directory: ModelDirectory
    let selector: ModelSelector
    let catalog: TokenizerCatalog
    let budget: TokenBudget
    private let prompts: AgentPrompts
    let tools: ToolRunner
    let recorder: Recorder
    let now: Now
    let observe: @Sendable (PipelineEvent) -> Void

    package init(
        settings: Settings, policies: @escaping @Sendable () -> Policies, models: Models, directory: ModelDirectory,
        selector: ModelSelector, catalog: TokenizerCatalog, budget: TokenBudget, tools: ToolRunner, recorder: Recorder,
        now: @escaping Now, observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.settings = settings
        self.policies = policies
        self.models = models
        self.directory = directory
        self.selector = selector
        self.catalog = catalog
        self.budget = budget
        prompts = AgentPrompts(budget: budget, observe: observe)
        self.tools = tools
        self.recorder = recorder
        self.now = now
        self.observe = observe
    }

    /// Answers a `chat/completions` body.
    ///
    /// - Parameters:
    ///   - showsDecision: Whether this answer shows the intent router's decision, whatever the settings say.
    ///   - reviewed: The decision of a human, where one has let the request pass: it is the model's then.
    /// - Throws: ``PipelineError`` for a request that is not taken; ``TracedFailure`` for one that was taken and failed.
    package func answer(
        _ body: [UInt8], agentName: String? = nil, caller: Caller, showsDecision: Bool = false,
        reviewed: ReviewedRoute? = nil
    ) async throws -> ChatAnswer {
        let policies = policies()
        var (turn, target) = try await begin(body, agentName: agentName, caller: caller, policies) {
            recorder.begin(route: "chat", caller: caller, pins: policies.pins, request: body)
        }
        turn.showsDecision = settings.showsDecisions || showsDecision
        do {
            try await route(&turn, policies, reviewed)
            switch turn.routed.decision.outcome {
            case .tool where settings.mode == .advanced: return try await runTool(policies, &turn)
            case .human: return try await askHuman(&turn)
            case .denied: return try await refuse(&turn)
            case .tool, .model: break
            }
            switch models {
            case .none(let reason):
                return try await answerLocally(reason, &turn)
            case .available(let gateway):
                turn.selection = select(turn, target, policies.router)
                try await fit(&turn)
                return turn.request.streams
                    ? try await openStream(gateway, turn) : try await askModel(gateway, &turn)
            }
        } catch let error as any CodedError {
            throw try await failure(error, &turn)
        }
    }

    /// Reads a request, finds what its model means, and counts its tokens.
    ///
    /// - Parameter trace: Begins its trace, once it is taken.
    func begin(
        _ body: [UInt8], agentName: String?, caller: Caller, _ policies: Policies, trace: () -> TraceBuilder
    ) async throws -> (ChatTurn, ModelDirectory.Target) {
        let request = try ChatRequest(parsing: body)
        let target = try await target(of: request, agentName: agentName, policies)
        let counter = catalog.counter(for: countedModel(target))
        let prompt = target.agent.map { prompts.prompt(of: $0, by: counter) }
        let turn = ChatTurn(
            request: request, caller: caller, agent: target.agent, prompt: prompt,
            input: InputCount(of: request, promptTokens: prompt?.tokens, by: counter), budget: budget, trace: trace())
        return (turn, target)
    }

    // MARK: Deciding

    private func target(
        of request: ChatRequest, agentName: String?, _ policies: Policies
    ) async throws(PipelineError) -> ModelDirectory.Target {
        guard let agentName else { return try await directory.resolve(request.model) }
        guard let agent = policies.agents[agentName] else {
            throw PipelineError(.notFound, "no such agent: GET /v1/agents lists those there are")
        }
        return .agent(agent)
    }

    func select(_ turn: ChatTurn, _ target: ModelDirectory.Target, _ router: RuleRouter) -> ModelSelection {
        if case .model(let model, let isAlias) = target {
            return ModelSelection(model, isAlias ? .alias : .requested, tier: nil)
        }
        let selection = selector.select(
            tokens: turn.input.total, answersServerTool: false,
            asksForAnalysis: turn.request.lastUserText.map(router.asksForAnalysis) ?? false)
        if let tier = selection.tier { observe(.selected(tier: tier)) }
        return selection
    }

    // MARK: Counting

    /// The model whose tokens are counted before one is chosen.
    private func countedModel(_ target: ModelDirectory.Target) -> String {
        switch target {
        case .model(let model, _): model
        case .agent(let agent): agent.tokenizerModel ?? selector.chatModel
        case .automatic: selector.chatModel
        }
    }

    /// Makes the request fit the budget of the model that was chosen.
    ///
    /// - Throws: ``PipelineError`` with `context_length_exceeded` where what must be kept does not fit.
    func fit(_ turn: inout ChatTurn) async throws {
        let size = turn.input.total
        if turn.agent?.tokenizerModel == nil, let model = turn.selection?.model {
            let counter = catalog.counter(for: model)
            if !counter.countsAs(turn.input.counter) {
                turn.prompt = turn.agent.map { prompts.prompt(of: $0, by: counter) }
                turn.input = InputCount(of: turn.request, promptTokens: turn.prompt?.tokens, by: counter)
            }
        }
        if let agent = turn.agent, let guardrail = turn.prompt?.guardrail {
            turn.trace.add(guardrail, of: agent)
            if case .cut(let delta, _) = guardrail.action { observe(.promptCut(delta: delta)) }
        }
        do {
            turn.pruned = try await budget.pruned(turn.request, turn.input, size: size)
        } catch let error as BudgetError {
            throw PipelineError(.contextLengthExceeded, error.message, parameter: "messages")
        } catch let error where error is CancellationError || (error as? EmbeddingError)?.code == .cancelled {
            throw ProviderError(.cancelled, "the request was cancelled")
        }
        if let pruned = turn.pruned {
            turn.trace.add(pruned, budget: budget.maximumTokens)
            let summary = pruned.summary
            observe(.pruned(summary: summary.map { (isForced: $0.isForced, duration: $0.duration) }))
        }
        if let utilization = budget.utilization(of: turn.inputTokens) { observe(.budgetUsed(utilization)) }
    }

    // MARK: Answering without a model

    private func runTool(_ policies: Policies, _ turn: inout ChatTurn) async throws -> ChatAnswer {
        let decision = turn.routed.decision
        let name = decision.tool ?? ""
        let call = ToolCall(
            name, .object(decision.params), caller: turn.caller.name, agent: turn.agent?.name.text)
        // A call that was refused in place of a human's decision is not asked about again: it might be let in by now.
        let result =
            if let refused = turn.refusedCall { tools.note(refused, &turn.trace) } else {
                try await tools.run(call, by: policies.tools, in: &turn.trace)
            }
        var writer = JSONWriter()
        result.write(to: &writer)
        turn.toolResult = writer.bytes
        return try await finish(text: result.text, model: "tool/\(name)", turn)
    }

    private func answerLocally(_ reason: NoModelReason, _ turn: inout ChatTurn) async throws -> ChatAnswer {
        let answer = LocalAnswer(reason: reason, route: turn.routed.decision)
        return try await finish(text: answer.text, model: LocalAnswer.modelName, turn)
    }

    /// Receipts the turn, then answers with a text of our own.
    func finish(text: String, model: String, _ turn: ChatTurn) async throws -> ChatAnswer {
        var turn = turn
        let outputTokens = turn.input.counter.tokens(of: text)
        turn.noteInput(output: outputTokens)
        let completion = Completion(
            id: Completion.id(turn.trace.trace.id), created: turn.trace.trace.createdAt.seconds, model: model,
            content: text,
            usage: Usage(promptTokens: turn.inputTokens, completionTokens: outputTokens))
        turn.trace.commit(.answer, to: Array(text.utf8))
        let receipt = try await recorder.close(&turn.trace, .ok)
        let extras = turn.extras(receipt, outputTokens: outputTokens)
        guard turn.request.streams else {
            return .whole(completion.whole(extras), traceID: receipt?.traceID)
        }
        let chunks = completion.chunks(includesUsage: turn.request.includesUsage, extras)
        return .stream(
            ChatStream(traceID: receipt?.traceID) { send in
                for chunk in chunks { try await send(ServerSentEvent.frame(chunk)) }
                try await send(ServerSentEvent.done)
            })
    }

    // MARK: Failing

    func failure(_ error: any CodedError, _ turn: inout ChatTurn) async throws -> any Error {
        if !turn.trace.isClosed { turn.noteInput() }
        let wasCancelled = (error as? ProviderError)?.code == .cancelled
        return try await recorder.fail(&turn.trace, error, wasCancelled: wasCancelled)
    }
}

extension ModelDirectory.Target {
    var agent: Agent? {
        if case .agent(let agent) = self { agent } else { nil }
    }
}
