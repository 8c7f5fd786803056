package import OrchCore

/// The kinds of step that a trace can hold. The set is closed: auditors' scripts select by these words.
package enum StepType: String, Sendable, CaseIterable {
    case policySnapshot = "policy_snapshot"
    case memoryWriteDecision = "memory_write_decision"
    case intentRouter = "intent_router"
    case semanticRouter = "semantic_router"
    case semanticAmbiguityGuard = "semantic_ambiguity_guard"
    case tokenUsage = "token_usage"
    case tokenBudgetPrune = "token_budget_prune"
    case agentPromptGuardrail = "agent_prompt_guardrail"
    case summaryConfidenceWarning = "summary_confidence_warning"
    case toolApproval = "tool_approval"
    case toolExecution = "tool_execution"
    case llmProvider = "llm_provider"
    case egress
    case outputGuard = "output_guard"
    case streamEnd = "stream_end"
    case error
}

/// One decision on a request's way.
///
/// The payload holds decisions, names, counts and timings; never a prompt, an answer, tool arguments, a secret, or an
/// unsalted hash of any of them.
package struct Step: Sendable, Equatable {
    package var type: StepType
    package var createdAt: Timestamp
    package var payload: JSONObject

    package init(_ type: StepType, at createdAt: Timestamp, _ payload: JSONObject) {
        self.type = type
        self.createdAt = createdAt
        self.payload = payload
    }
}
