import OrchAgents
import OrchApprovals
import OrchCore
import OrchEgress
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools

/// What each step says. Decisions, names, counts and timings only.
///
/// Members are written in the order of RFC 8785, so that no payload has to be sorted. Names that come from others, of
/// models above all, go through ``TraceBuilder/foreign(_:)``.
extension TraceBuilder {
    mutating func add(_ usage: TokenUsage, _ selection: ModelSelection?) {
        let model = selection.map { foreign($0.model) }
        add(.tokenUsage) { json in
            if usage.utilization != nil { json.member("budget", usage.budget) }
            json.member("fallback", usage.isFallback)
            json.member("input_tokens", usage.input)
            if let selection {
                json.member("model", orNull: model)
                if let output = usage.output { json.member("output_tokens", output) }
                json.member("reason", selection.reason.rawValue)
                if let tier = selection.tier { json.member("tier", tier.rawValue) }
            } else if let output = usage.output {
                json.member("output_tokens", output)
            }
            json.member("tokenizer", usage.tokenizer)
            if let utilization = usage.utilization {
                json.key("utilization")
                json.number(utilization)
            }
        }
    }

    mutating func add(_ guardrail: AgentPrompts.Guardrail, of agent: Agent) {
        let name = foreign(agent.name.text)
        add(.agentPromptGuardrail) { json in
            switch guardrail.action {
            case .cut(let delta, let boundary):
                json.member("action", "cut")
                json.member("agent", name)
                json.member("boundary", boundary)
                json.member("delta_tokens", delta)
            case .exempt(let reason):
                json.member("action", "exempt")
                json.member("agent", name)
                json.member("exemption", reason)
            }
            json.member("limit", guardrail.limit)
            json.member("tokens", guardrail.tokens)
        }
    }

    mutating func add(_ pruned: PrunedRequest, budget: Int) {
        let (plan, summary) = (pruned.plan, pruned.summary)
        add(.tokenBudgetPrune) { json in
            json.member("budget", budget)
            json.key("dropped_turns")
            json.beginArray()
            for (index, turn) in plan.turns.enumerated() where turn.fate == .dropped {
                json.beginObject()
                json.key("priority")
                json.number(turn.priority)
                json.member("tokens", turn.tokens)
                json.member("turn", index)
                json.endObject()
            }
            json.endArray()
            json.member("strategy", pruned.strategy)
            if let summary {
                json.key("summary")
                json.beginObject()
                json.key("compression_ratio")
                json.number(summary.quality.compressionRatio)
                json.member("forced", summary.isForced)
                json.key("keyword_coverage")
                json.number(summary.quality.keywordCoverage)
                json.key("sentence_capture")
                json.number(summary.quality.sentenceCapture)
                json.member("sentences", summary.sentences)
                json.key("summary_confidence_score")
                json.number(summary.quality.confidenceScore)
                json.member("tokens", summary.tokens)
                json.endObject()
            }
            json.member("summary_added", summary != nil)
            json.member("tokens_after", pruned.tokensAfter)
            json.member("tokens_before", plan.tokensBefore)
            json.member("turns", plan.turns.count)
        }
        guard let summary, summary.quality.isDoubtful else { return }
        add(.summaryConfidenceWarning) { json in
            json.key("summary_confidence_score")
            json.number(summary.quality.confidenceScore)
            json.key("threshold")
            json.number(SummaryQuality.confidenceThreshold)
        }
    }

    /// - Parameter registered: Whether the name is a tool's; any other is somebody's text and stays out.
    mutating func addExecution(_ execution: ToolExecution, registered: Bool) {
        let rule = execution.policy?.rule.map(foreign)
        let reason = execution.policy.map { foreign($0.reason) }
        let wouldDeny = execution.policy?.wouldDeny.map(foreign)
        let agent = execution.agent.map(foreign)
        add(.toolExecution) { json in
            if let agent { json.member("agent", agent) }
            json.member("approval_reason", orNull: execution.approvalReason)
            json.member("duration_us", execution.duration.microseconds)
            json.member("error", orNull: execution.error)
            if let exitCode = execution.exitCode { json.member("exit_code", exitCode) }
            json.key("input_characters")
            json.beginObject()
            for (name, length) in execution.inputLengths.sorted(by: {
                $0.key.utf16.lexicographicallyPrecedes($1.key.utf16)
            }) {
                json.member(name, length)
            }
            json.endObject()
            json.member("output_characters", execution.outputCharacters)
            json.member("policy_reason", orNull: reason)
            json.member("policy_rule", orNull: rule)
            if let wouldDeny { json.member("policy_would_deny", wouldDeny) }
            if let isSafe = execution.isSafe { json.member("safe", isSafe) }
            if let sandbox = execution.sandbox { json.member("sandbox", sandbox) }
            if let limit = execution.sandboxLimit { json.member("sandbox_limit", limit) }
            json.member("status", execution.status.rawValue)
            json.member("tool", orNull: registered ? execution.tool : nil)
            json.member("truncated", execution.truncated)
        }
    }

    /// - Parameters:
    ///   - outcome: issued, claimed, refused, queued, approved or denied.
    ///   - id: The approval's, or the review's.
    mutating func addApproval(
        _ outcome: String, of tool: String, _ id: String?, _ reason: ApprovalRefusal? = nil, edited: Bool? = nil
    ) {
        add(.toolApproval) { json in
            if let edited { json.member("args_edited", edited) }
            json.member("id", orNull: id)
            json.member("outcome", outcome)
            json.member("reason", orNull: reason?.rawValue)
            json.member("tool", tool)
        }
    }

    mutating func add(_ connection: ConnectionRecord) {
        add(.egress) { json in
            json.member("address", orNull: connection.address)
            json.member("endpoint", connection.endpoint.description)
            json.member("outcome", connection.address == nil ? "refused" : "connected")
        }
    }

    mutating func addCall(_ facts: CallFacts, outcome: String, usage: Usage?) {
        let model = foreign(facts.model)
        for connection in facts.connections { add(connection) }
        add(.llmProvider) { json in
            json.member("attempts", facts.attempts)
            if let usage { json.member("completion_tokens", usage.completionTokens) }
            if let reason = facts.fallbackReason { json.member("fallback_reason", reason) }
            json.member("latency_ms", facts.latency.milliseconds)
            json.member("model", model)
            json.member("outcome", outcome)
            if let usage { json.member("prompt_tokens", usage.promptTokens) }
            json.member("provider", facts.provider)
        }
    }

    mutating func addGuard(_ action: String, _ report: GuardReport) {
        add(.outputGuard) { json in
            json.member("action", action)
            json.key("findings")
            json.beginObject()
            for (detector, count) in report.findings.sorted(by: { $0.key < $1.key }) { json.member(detector, count) }
            json.endObject()
            json.member("outcome", report.outcome)
        }
    }

    mutating func addStreamEnd(_ outcome: String, finishReason: String?, isTruncated: Bool) {
        add(.streamEnd) { json in
            json.member("finish_reason", orNull: finishReason)
            json.member("outcome", outcome)
            json.member("truncated", isTruncated)
        }
    }
}

extension Duration {
    var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }

    var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
