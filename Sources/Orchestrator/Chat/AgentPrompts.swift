import OrchAgents
import OrchCore
import OrchTokens
import Synchronization

/// The prompts of agents as they stand in front of chats: held to a fifth of the budget, and counted once.
final class AgentPrompts: Sendable {
    /// A prompt, for one counter.
    struct Fitted: Sendable {
        var text: String
        var tokens: Int
        /// nil where nothing is to be said of its length.
        var guardrail: Guardrail?
    }

    /// What came of a prompt that is too long.
    struct Guardrail: Sendable, Equatable {
        enum Action: Sendable, Equatable {
            /// Tokens given up to end at a boundary, and which boundary that is.
            case cut(delta: Int, boundary: String)
            /// Why it is whole.
            case exempt(String)
        }

        var action: Action
        var tokens: Int
        var limit: Int
    }

    private struct Key: Hashable {
        let agent: String
        let counter: String
    }

    /// More agents, or counters for them, than anyone has at a time.
    private static let maximumKept = 256

    private let budget: TokenBudget
    private let observe: @Sendable (PipelineEvent) -> Void
    private let kept = Mutex<[Key: (agent: Agent, fitted: Fitted)]>([:])

    /// - Parameter observe: Is told of prompts that are too long and stay whole, once for each.
    init(budget: TokenBudget, observe: @escaping @Sendable (PipelineEvent) -> Void = { _ in }) {
        self.budget = budget
        self.observe = observe
    }

    /// An agent's prompt by a counter. An agent that was loaded anew is looked at anew.
    func prompt(of agent: Agent, by counter: TokenCounter) -> Fitted {
        let key = Key(agent: agent.name.text, counter: counter.name)
        if let known = kept.withLock({ $0[key] }), known.agent.systemPrompt == agent.systemPrompt,
            known.agent.metadata == agent.metadata
        {
            return known.fitted
        }
        let fitted = fit(agent, by: counter)
        kept.withLock { kept in
            if kept.count >= Self.maximumKept { kept.removeAll() }
            kept[key] = (agent, fitted)
        }
        return fitted
    }

    private func fit(_ agent: Agent, by counter: TokenCounter) -> Fitted {
        let text = agent.systemPrompt
        let tokens = counter.tokens(of: text)
        let guardrail = PromptGuardrail(budget: budget.maximumTokens, allowsOverbudget: budget.allowsLongPrompts)
        guard let limit = guardrail.limit, tokens > limit else { return Fitted(text: text, tokens: tokens) }
        let layout = counter.layout(of: text)
        let decision = guardrail.decide(
            layout.text, tokenEnds: layout.ends,
            allowsOverbudget: agent.metadata["allow_overbudget_prompt"]?.boolValue ?? false,
            category: agent.metadata["prompt_category"]?.stringValue)
        switch decision {
        case .whole:
            return Fitted(text: text, tokens: tokens)
        case .exempt(let exemption):
            observe(.promptKept(agent: agent.name.text, tokens: tokens, limit: limit))
            return Fitted(
                text: text, tokens: tokens,
                guardrail: Guardrail(action: .exempt(exemption.rawValue), tokens: tokens, limit: limit))
        case .cut(var cut):
            // Where the cut parts a token, what is left may have one more.
            var (kept, room) = (String(cut.text), limit)
            while counter.tokens(of: kept) > limit, room > 0 {
                room -= 1
                cut = SemanticTruncation.cut(layout.text, tokenEnds: layout.ends, limit: room)
                kept = String(cut.text)
            }
            return Fitted(
                text: kept, tokens: counter.tokens(of: kept),
                guardrail: Guardrail(
                    action: .cut(delta: limit - cut.tokens, boundary: cut.boundary.rawValue), tokens: tokens,
                    limit: limit))
        }
    }
}
