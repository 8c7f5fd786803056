import OrchCore
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTokens

/// What we add to an answer in OpenAI's form, as further top-level members.
struct AnswerExtras: Sendable {
    var traceID: TraceID
    /// The agent that the answer is given as.
    var agent: String?
    var route: IntentDecision
    /// The `intent_decision`, where it is to be shown.
    var shownDecision: IntentDecision?
    var usage: TokenUsage
    var selection: ModelSelection?
    var facts: CallFacts?
    /// A tool's result, as JSON.
    var toolResult: [UInt8]?
    var isTruncated = false
    var receipt: Receipt?

    /// The names of the members, so that a provider's own of the same name do not stand beside ours.
    private static let names: [StaticString] = [
        "request_id", "agent", "memory_decision", "route_decision", "model_decision", "token_usage", "tool_result",
        "truncated", "receipt", "intent_decision",
    ]

    /// Whether a member of a provider's answer has the name of one of ours.
    static func has(_ member: JSONMember) -> Bool { names.contains { member.keyEquals($0) } }

    func write(to writer: inout JSONWriter) {
        writer.member("request_id", traceID.description)
        if let agent { writer.member("agent", agent) }
        writer.key("memory_decision")
        writer.raw(Self.memoryOff)
        writeRoute(&writer)
        writeModel(&writer)
        if let shownDecision {
            writer.key("intent_decision")
            shownDecision.write(to: &writer)
        }
        writer.key("token_usage")
        writer.beginObject()
        writer.member("input_tokens", usage.input)
        if let output = usage.output { writer.member("output_tokens", output) }
        writer.member("tokenizer", usage.tokenizer)
        writer.member("fallback", usage.isFallback)
        if let utilization = usage.utilization {
            writer.member("budget", usage.budget)
            writer.key("utilization")
            writer.number(utilization)
        }
        writer.endObject()
        writer.key("tool_result")
        if let toolResult { writer.raw(toolResult) } else { writer.null() }
        if isTruncated { writer.member("truncated", true) }
        writer.member("receipt", receipt)
    }

    private static let memoryOff = JSONValue.object([
        "decision": "deny", "reason": "deny:feature_disabled", "candidate_id": nil, "candidate_id_hash": nil,
    ]).serialized

    private func writeRoute(_ writer: inout JSONWriter) {
        writer.key("route_decision")
        writer.beginObject()
        let isForTool = route.outcome == .tool
        writer.member("tool", orNull: isForTool ? route.tool : nil)
        writer.key("params")
        writer.object(isForTool ? route.params : JSONObject())
        writer.key("confidence")
        writer.number(route.confidence)
        writer.member("reason", route.reason)
        writer.endObject()
    }

    private func writeModel(_ writer: inout JSONWriter) {
        writer.key("model_decision")
        guard let selection else {
            writer.null()
            return
        }
        writer.beginObject()
        writer.member("model", facts?.model ?? selection.model)
        writer.member("reason", selection.reason.rawValue)
        writer.member("tier", orNull: selection.tier?.rawValue)
        if let facts {
            writer.member("provider", facts.provider)
            writer.member("attempts", facts.attempts)
            if let fallback = facts.fallbackReason { writer.member("fallback_reason", fallback) }
        }
        writer.endObject()
    }
}
