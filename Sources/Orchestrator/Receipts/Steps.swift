import OrchCore
import OrchEgress
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools

/// What each step says. Decisions, names, counts and timings only.
extension TraceBuilder {
    mutating func addRoute(_ decision: RouteDecision, mode: String) {
        add(
            .intentRouter,
            [
                "router": "rules",
                "mode": .string(mode),
                "tool": decision.tool.map(JSONValue.string) ?? .null,
                "rule": decision.ruleID.map(JSONValue.string) ?? .null,
                "confidence": .number(decision.confidence),
                "reason": .string(decision.reason),
            ])
    }

    mutating func addInput(tokens: Int, selection: ModelSelection?) {
        var payload: JSONObject = ["input_tokens": .integer(tokens), "tokenizer": "bytes", "fallback": true]
        if let selection {
            payload["model"] = .string(selection.model)
            payload["reason"] = .string(selection.reason.rawValue)
            if let tier = selection.tier { payload["tier"] = .string(tier.rawValue) }
        }
        add(.tokenUsage, payload)
    }

    /// - Parameter registered: Whether the name is a tool's; any other is somebody's text and stays out.
    mutating func addExecution(_ execution: ToolExecution, registered: Bool) {
        add(
            .toolExecution,
            [
                "tool": registered ? execution.tool.map(JSONValue.string) ?? .null : .null,
                "status": .string(execution.status.rawValue),
                "error": execution.error.map(JSONValue.string) ?? .null,
                "policy_reason": execution.policyReason.map(JSONValue.string) ?? .null,
                "policy_rule": execution.policyRule.map(JSONValue.string) ?? .null,
                "approval_reason": execution.approvalReason.map(JSONValue.string) ?? .null,
                "duration_us": .integer(execution.duration.microseconds),
                "output_characters": .integer(execution.outputCharacters),
                "truncated": .bool(execution.truncated),
            ])
    }

    mutating func addCall(_ facts: CallFacts, outcome: String, usage: Usage?) {
        for connection in facts.connections {
            add(
                .egress,
                [
                    "endpoint": .string(connection.endpoint.description),
                    "address": connection.address.map(JSONValue.string) ?? .null,
                    "outcome": connection.address == nil ? "refused" : "connected",
                ])
        }
        var payload: JSONObject = [
            "provider": .string(facts.provider),
            "model": .string(facts.model),
            "attempts": .integer(facts.attempts),
            "latency_ms": .integer(facts.latency.milliseconds),
            "outcome": .string(outcome),
        ]
        if let reason = facts.fallbackReason { payload["fallback_reason"] = .string(reason) }
        if let usage {
            payload["prompt_tokens"] = .integer(usage.promptTokens)
            payload["completion_tokens"] = .integer(usage.completionTokens)
        }
        add(.llmProvider, payload)
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
