import OrchCore
import OrchPolicy
import OrchReceipts

/// A decision of the tool policy as a receipt holds it.
struct RecordedCall {
    let traceID: TraceID
    /// What the policy is asked again. Of the arguments a receipt holds lengths alone.
    let call: PolicyCall
    let wasAllowed: Bool
    let reason: String

    /// nil of a step that is no such decision.
    init?(_ step: Step, in trace: Trace) {
        let payload = step.payload
        guard step.type == .toolExecution, let tool = payload["tool"]?.stringValue,
            let reason = payload["policy_reason"]?.stringValue
        else { return nil }
        traceID = trace.id
        let wouldDeny = payload["policy_would_deny"]?.stringValue
        wasAllowed = wouldDeny == nil && payload["error"]?.stringValue != "policy_denied"
        self.reason = wouldDeny ?? reason
        var lengths: [String: Int] = [:]
        for member in payload["input_characters"]?.objectValue?.members ?? [] {
            lengths[member.key] = member.value.intValue
        }
        call = PolicyCall(
            tool: tool, isSafe: payload["safe"]?.boolValue ?? false,
            caller: trace.metadata["caller"]?.stringValue ?? "", agent: payload["agent"]?.stringValue,
            input: payload["input_characters"] == nil ? .unknown : .lengths(lengths), at: step.createdAt)
    }
}
