import OrchAgents
import OrchCore
package import OrchReceipts
import OrchRouting
import OrchTools

/// What a chat request would lead to, as far as it can be said without answering it.
package struct ChatRehearsal: Sendable {
    /// What decides now.
    package var pins: Pins
    /// How it would be routed, counted and pruned, and what the policy would say of its tool; nothing of time or outcome.
    package var steps: [Step]
}

extension ChatPipeline {
    /// Decides on a body as ``answer(_:agentName:caller:showsDecision:reviewed:)`` would, and does nothing: no tool runs,
    /// no model is asked, nothing waits for a human, nothing is recorded.
    ///
    /// - Throws: ``PipelineError`` for a body that would not be taken.
    package func rehearse(_ body: [UInt8], agentName: String?, caller: Caller) async throws -> ChatRehearsal {
        let policies = policies()
        let trace = TraceBuilder(route: "chat", caller: caller, pins: policies.pins, now: now)
        var (turn, target) = try await begin(body, agentName: agentName, caller: caller, policies) { trace }
        turn.routed = await rehearsedRoute(turn, policies.routing)
        refuseWhatCannotRun(&turn, policies)
        turn.trace.add(turn.routed, mode: settings.mode.rawValue)
        switch turn.routed.decision.outcome {
        case .tool where settings.mode == .advanced: rehearseTool(policies, &turn)
        case .human, .denied: break
        case .tool, .model:
            guard case .available = models else { break }
            turn.selection = select(turn, target, policies.router)
            do { try await fit(&turn) } catch let error as any CodedError {
                turn.noteInput()
                turn.trace.add(error: error)
            }
        }
        turn.noteInput()
        return ChatRehearsal(pins: policies.pins, steps: try turn.trace.rehearsedSteps())
    }

    private func rehearsedRoute(_ turn: ChatTurn, _ router: RequestRouter) async -> Routed {
        guard settings.mode == .advanced else { return .notRouted("basic_mode") }
        return await unreviewed(turn, router)
    }

    private func rehearseTool(_ policies: Policies, _ turn: inout ChatTurn) {
        let decision = turn.routed.decision
        let call = ToolCall(
            decision.tool ?? "", .object(decision.params), caller: turn.caller.name, agent: turn.agent?.name.text)
        let outcome =
            switch tools.tools.admit(call, by: policies.tools) {
            case .refused(let outcome): outcome
            case .admitted(let admitted): tools.tools.refuse(admitted, .cancelled)
            }
        let isKnown = outcome.execution.isSafe != nil
        turn.trace.addExecution(outcome.execution, registered: isKnown)
    }
}

extension TraceBuilder {
    /// The steps so far, as a reader of the log would find them.
    fileprivate mutating func rehearsedSteps() throws -> [Step] {
        let moment = trace.createdAt
        return try takeEntry(.whole, status: .ok).steps.map { stored in
            Step(stored.kind, at: moment, try JSONValue(parsing: stored.json).objectValue ?? [:])
        }
    }
}
