package import OrchCore
package import OrchRouting

extension IntentDecision {
    /// The `intent_decision` of answers.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("decision_id", id)
        json.member("policy_hash", orNull: policyHash.isEmpty ? nil : policyHash)
        json.member("tier_used", tier)
        json.member("outcome", outcome.rawValue)
        json.member("reason", reason)
        json.member("intent_id", orNull: intentID)
        json.key("allowed_tools")
        json.beginArray()
        if let tool, outcome == .tool { json.string(tool) }
        json.endArray()
        json.key("tool_params")
        json.object(params)
        json.member("requires_hitl", outcome == .human)
        json.key("confidence")
        json.number(confidence)
        json.key("gap")
        if let gap { json.number(gap) } else { json.null() }
        json.member("deny_reason", orNull: denyReason)
        json.key("evidence")
        evidence.write(to: &json, tool: tool)
        json.member("operator", orNull: operatorName)
        json.member("cacheable", isCacheable)
        json.endObject()
    }

    /// What a human is shown of it, without any words of the request.
    var reviewEvidence: [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.member("decision_id", id)
        json.member("intent_id", orNull: intentID)
        json.member("reason", reason)
        json.key("confidence")
        json.number(confidence)
        json.key("gap")
        if let gap { json.number(gap) } else { json.null() }
        json.member("policy_hash", orNull: policyHash.isEmpty ? nil : policyHash)
        json.key("evidence")
        evidence.write(to: &json, tool: tool)
        json.endObject()
        return json.bytes
    }
}

extension IntentDecision.Evidence {
    fileprivate func write(to json: inout JSONWriter, tool: String?) {
        json.beginObject()
        json.member("cache_hit", isCacheHit)
        json.member("tool", orNull: tool)
        if let rule { json.member("rule", rule) }
        if let pattern { json.member("pattern", pattern) }
        if let candidate {
            json.key("similarity")
            json.number(candidate.similarity)
            json.member("runner_up", orNull: candidate.runnerUp)
        }
        if let thresholds { json.member("thresholds", thresholds) }
        if let verdict { json.member("guard", verdict.rawValue) }
        if let absence { json.member("semantic_reason", absence.rawValue) }
        if let reviewID { json.member("hitl_request_id", reviewID) }
        json.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ key: String, _ thresholds: RoutingThresholds) {
        self.key(key)
        beginObject()
        self.key("min_confidence")
        number(thresholds.minimumConfidence)
        self.key("min_gap")
        number(thresholds.minimumGap)
        self.key("min_similarity")
        number(thresholds.minimumSimilarity)
        endObject()
    }
}
