import OrchConfiguration
import OrchCore
import OrchObservability
import OrchPolicy
import OrchPolicyFiles
import OrchTools

/// The tool policy of the program: its file, whether it is enforced, and the calls that it counts.
struct ToolPolicies: Sendable {
    let file: Watched<PolicyEngine?>
    let isEnforced: Bool
    /// Whether receipts are made, which a policy may demand.
    let isReceipted: Bool
    private let counter = CallCounter()

    init(file: Watched<PolicyEngine?>, _ configuration: Configuration) {
        self.file = file
        isEnforced = configuration.policy.isEnforced
        isReceipted = configuration.receipts.isEnabled
    }

    /// The hash that receipts pin; nil where there is no policy.
    var hash: String? { current.hash }

    /// The policy in force, and its hash.
    var current: (engine: PolicyEngine?, hash: String?) {
        let loaded = file.current
        return (loaded.value, loaded.value == nil ? nil : loaded.policyHash)
    }

    /// A policy as tools ask it; nil is none.
    func check(_ engine: PolicyEngine?) -> ToolPolicyCheck {
        ToolPolicyCheck(
            admit: { tool, arguments, call in
                let question = self.question(tool, .arguments(arguments), caller: call.caller, agent: call.agent)
                guard let engine else { return (decision(nil), nil) }
                let verdict = engine.decide(question, counting: counter)
                let withdraw = verdict.ticket.map { ticket -> @Sendable () -> Void in
                    { [counter] in counter.giveBack(ticket) }
                }
                return (decision(verdict), withdraw)
            },
            outlook: { tool in
                decision(engine?.decide(question(tool, .unknown, caller: "", agent: nil)))
            })
    }

    /// A question about a call that is made now.
    func question(_ tool: Tool, _ input: PolicyCall.Input, caller: String, agent: String?) -> PolicyCall {
        PolicyCall(
            tool: tool.name, isSafe: tool.safe, caller: caller, agent: agent, input: input, at: wallClock(),
            isReceipted: isReceipted)
    }

    /// What becomes of a verdict; nil stands for no policy.
    private func decision(_ verdict: PolicyVerdict?) -> ToolPolicyDecision {
        let isAllowed = verdict?.isAllowed ?? false
        let reason = verdict?.reason ?? PolicyReason.missing
        guard !isEnforced else {
            return ToolPolicyDecision(
                allowed: isAllowed, reason: reason, rule: verdict?.rule, isConditional: verdict?.open != nil)
        }
        return ToolPolicyDecision(
            allowed: true, reason: PolicyReason.disabled, rule: verdict?.rule, wouldDeny: isAllowed ? nil : reason,
            isConditional: verdict?.open != nil)
    }
}
