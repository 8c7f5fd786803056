import OrchCore
import OrchOrchestrator
import OrchReceipts

/// A part of a decision, recorded and decided again.
struct ReplayedPart: Sendable, Equatable {
    struct Difference: Sendable, Equatable {
        let member: String
        /// nil where the receipt has no such member.
        let recorded: JSONValue?
        let now: JSONValue?
    }

    let name: String
    let differences: [Difference]
    var isSame: Bool { differences.isEmpty }

    /// Compares all that can be decided again; parts that neither has are left out.
    static func compare(_ recorded: Trace, with now: ChatRehearsal) -> [ReplayedPart] {
        let isCached = [recorded.steps, now.steps].contains { steps in
            steps.contains { $0.type == .intentRouter && $0.payload["cache"] == "hit" }
        }
        var parts: [ReplayedPart] = []
        for kind in ReplayedMembers.all(isCached: isCached) {
            let then = recorded.steps.first { $0.type == kind.step }?.payload
            let here =
                kind.step == .policySnapshot ? now.pins.object : now.steps.first { $0.type == kind.step }?.payload
            guard let part = ReplayedPart(kind, then, here) else { continue }
            parts.append(part)
        }
        return parts
    }

    init(name: String, differences: [Difference]) {
        self.name = name
        self.differences = differences
    }

    /// nil where neither has the step.
    private init?(_ kind: ReplayedMembers, _ recorded: JSONObject?, _ now: JSONObject?) {
        guard recorded != nil || now != nil else { return nil }
        name = kind.name
        guard let recorded, let now else {
            // An error of the recorded outcome is none of the decision.
            if kind.isOutcome, !kind.concerns(recorded ?? now ?? [:]) { return nil }
            differences = [Difference(member: "step", recorded: Self.presence(recorded), now: Self.presence(now))]
            return
        }
        let names = kind.members ?? Self.union(recorded.keys, now.keys)
        differences = names.compactMap { member in
            let (then, here) = (kind.value(member, recorded), kind.value(member, now))
            return then == here ? nil : Difference(member: member, recorded: then, now: here)
        }
    }

    private static func presence(_ payload: JSONObject?) -> JSONValue { payload == nil ? "none" : "there" }

    private static func union(_ one: [String], _ other: [String]) -> [String] { Set(one).union(other).sorted() }
}
