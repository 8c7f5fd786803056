/// The soft limit of agents' prompts: a fifth of the token budget, unless the prompt is exempt.
package struct PromptGuardrail: Sendable {
    /// Why a prompt over the limit is kept whole.
    package enum Exemption: String, Sendable {
        /// ORCH_AGENT_PROMPT_ALLOW_OVERBUDGET is set.
        case setting
        /// The agent's metadata say `allow_overbudget_prompt: true`.
        case metadata = "allow_overbudget_prompt"
        /// The agent's `prompt_category` is one whose texts must not be cut.
        case category = "prompt_category"
    }

    package enum Decision: Sendable, Equatable {
        /// It is within the limit.
        case whole
        /// It is over the limit, and kept.
        case exempt(Exemption)
        /// It is over the limit, and cut.
        case cut(TextCut)
    }

    /// The values of `prompt_category` that exempt a prompt; written exactly so.
    package static let exemptCategories: Set<String> = ["legal", "statute", "legal_statute", "regulatory"]

    /// In tokens, rounded down; nil where budgeting is off.
    package let limit: Int?
    private let allowsOverbudget: Bool

    /// - Parameters:
    ///   - budget: In tokens; 0 turns budgeting off.
    ///   - allowsOverbudget: Whether all prompts are exempt.
    package init(budget: Int, allowsOverbudget: Bool) {
        limit = budget == 0 ? nil : max(budget, 0) / 5
        self.allowsOverbudget = allowsOverbudget
    }

    /// - Parameters:
    ///   - tokenEnds: As `SemanticTruncation.cut` takes them.
    ///   - allowsOverbudget: What the agent's metadata say.
    ///   - category: The agent's `prompt_category`.
    package func decide(
        _ prompt: String, tokenEnds: [Int], allowsOverbudget: Bool = false, category: String? = nil
    ) -> Decision {
        guard let limit else { return .whole }
        let cut = SemanticTruncation.cut(prompt, tokenEnds: tokenEnds, limit: limit)
        if cut.boundary == .whole { return .whole }
        if self.allowsOverbudget { return .exempt(.setting) }
        if allowsOverbudget { return .exempt(.metadata) }
        if let category, Self.exemptCategories.contains(category) { return .exempt(.category) }
        return .cut(cut)
    }
}
