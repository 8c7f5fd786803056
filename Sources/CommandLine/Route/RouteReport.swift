import OrchConfiguration
import OrchCore
import OrchRouting

/// What `orch route explain` says.
struct RouteReport {
    let mode: OrchestratorMode
    let policy: RulePolicy
    let policyHash: String
    let policyProblem: String?
    let explanation: RouteExplanation
    /// What the routers behind and in front of the rules make of it; nil where none is on.
    var decision: RouteDecisionReport?

    func text(_ palette: Palette) -> String {
        let decision = explanation.decision
        var rows: [[Table.Cell]] = [
            [Table.Cell("mode", .bold), Table.Cell("\(mode.rawValue): \(modeMeaning)")],
            [Table.Cell("policy", .bold), Table.Cell(policyLine)],
        ]
        let colour: Palette.Colour? = decision.tool == nil ? nil : .green
        rows.append([Table.Cell("tool", .bold), Table.Cell(decision.tool ?? "none", colour)])
        if decision.tool != nil {
            rows.append([Table.Cell("arguments", .bold), Table.Cell(Self.text(of: decision.params))])
            rows.append([Table.Cell("rule", .bold), Table.Cell(decision.ruleID ?? "none")])
            rows.append([Table.Cell("confidence", .bold), Table.Cell("\(decision.confidence)")])
        }
        rows.append([Table.Cell("reason", .bold), Table.Cell(decision.reason)])
        rows.append([
            Table.Cell("analysis", .bold),
            Table.Cell(explanation.asksForAnalysis ? "asked for: the larger model answers" : "not asked for"),
        ])
        let rules = stepsTable(palette) + "\n" + Table([], rows).text(palette)
        return self.decision.map { rules + "\n" + $0.text(palette) } ?? rules
    }

    private func stepsTable(_ palette: Palette) -> String {
        guard !explanation.trials.isEmpty else { return "The policy has no rules.\n" }
        let rows = explanation.trials.enumerated().map { index, trial -> [Table.Cell] in
            let isMatch = if case .matched = trial.outcome { true } else { false }
            return [
                Table.Cell("\(index + 1)"), Table.Cell(trial.ruleID),
                Table.Cell(Self.phrase(trial.outcome), isMatch ? .green : nil),
            ]
        }
        return Table(["STEP", "RULE", "OUTCOME"], rows).text(palette)
    }

    private var modeMeaning: String {
        switch mode {
        case .basic: "every request goes to the model; this is what advanced would do"
        case .advanced: "a request that a rule matches goes to its tool, any other to the model"
        }
    }

    private var policyLine: String {
        let version = policy.version.isEmpty ? "" : "version \(policy.version), "
        return "\(version)\(Measure.count(policy.rules.count, "rule")), SHA-256 \(policyHash)"
    }

    private static func phrase(_ outcome: RuleTrial.Outcome) -> String {
        switch outcome {
        case .matched(let pattern): "matched by its expression \(pattern + 1)"
        case .notMatched: "not matched"
        case .disabled: "disabled"
        case .notReached: "not reached"
        }
    }

    private static func text(of object: JSONObject) -> String {
        String(decoding: JSONValue.object(object).serialized, as: UTF8.self)
    }

    /// `{"mode","policy","steps","decision","asks_for_analysis","intent_decision"}`, and where one of the other routers is
    /// on what ``RouteDecisionReport`` has.
    var json: String {
        var json = JSONWriter()
        json.beginObject()
        for member in members.members { json.member(member.key, member.value) }
        if let decision { decision.writeMembers(to: &json) } else { json.member("intent_decision", .null) }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// What the rules say.
    private var members: JSONObject {
        let decision = explanation.decision
        return [
            "mode": .string(mode.rawValue),
            "policy": [
                "version": .string(policy.version), "sha256": .string(policyHash),
                "problem": policyProblem.map(JSONValue.string) ?? .null,
            ],
            "steps": .array(explanation.trials.map(Self.json)),
            "decision": [
                "tool": decision.tool.map(JSONValue.string) ?? .null,
                "params": .object(decision.params),
                "confidence": .number(decision.confidence),
                "reason": .string(decision.reason),
                "rule": decision.ruleID.map(JSONValue.string) ?? .null,
            ],
            "asks_for_analysis": .bool(explanation.asksForAnalysis),
        ]
    }

    private static func json(_ trial: RuleTrial) -> JSONValue {
        var object: JSONObject = ["rule": .string(trial.ruleID)]
        switch trial.outcome {
        case .matched(let pattern):
            object["outcome"] = "matched"
            object["pattern"] = .integer(pattern)
        case .notMatched: object["outcome"] = "not_matched"
        case .disabled: object["outcome"] = "disabled"
        case .notReached: object["outcome"] = "not_reached"
        }
        return .object(object)
    }
}
