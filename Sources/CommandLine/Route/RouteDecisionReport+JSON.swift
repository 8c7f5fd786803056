import OrchCore
import OrchOrchestrator
import OrchRouting

extension RouteDecisionReport {
    /// `"router","gate","meaning","problem","intent_decision","acting_decision","shadow_mismatch","hashes"`, into an
    /// object that is open.
    func writeMembers(to json: inout JSONWriter) {
        json.member("router", word)
        json.member("gate", ["deny": Self.json(gate.deny), "allow": Self.json(gate.allow)])
        json.member("meaning", meaning)
        json.member("problem", orNull: problem)
        json.key("intent_decision")
        (routed.shadow ?? routed.decision).write(to: &json)
        json.key("acting_decision")
        routed.decision.write(to: &json)
        json.member("shadow_mismatch", routed.isShadowMismatch.map(JSONValue.bool) ?? .null)
        json.member(
            "hashes",
            [
                "policy": .text(policyHash.isEmpty ? nil : policyHash), "intents": .text(hashes?.intents),
                "embedder": .text(hashes?.embedder), "learned": .text(hashes?.learned),
            ])
    }

    private var word: String {
        switch mode {
        case .plain: "rules"
        case .tiers: "intents"
        case .shadow: "shadow"
        }
    }

    private static func json(_ outcome: GateTrial.Outcome) -> JSONValue {
        var object: JSONObject = ["outcome": .string(outcome.word)]
        if case .matched(let place) = outcome { object["pattern"] = .integer(place) }
        return .object(object)
    }

    private var meaning: JSONValue {
        guard let reading = routed.reading else { return .null }
        let candidate: SemanticCandidate? = if case .candidate(let found) = reading.finding { found } else { nil }
        let absence: SemanticAbsence? = if case .none(let absence) = reading.finding { absence } else { nil }
        return [
            "intent": .text(candidate?.intentID), "similarity": .fraction(candidate?.similarity),
            "confidence": .fraction(candidate?.confidence), "gap": .fraction(candidate?.gap),
            "runner_up": .text(candidate?.runnerUp),
            "runner_up_probability": .fraction(candidate?.runnerUpProbability), "absence": .text(absence?.rawValue),
        ]
    }
}

extension JSONValue {
    /// A number, or null.
    static func fraction(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
}
