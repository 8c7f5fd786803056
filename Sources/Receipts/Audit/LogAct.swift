package import OrchCore

/// What an operator did to the log, as the receipt of the act says it.
package enum LogAct: Sendable, Equatable {
    /// The contents of a trace were deleted.
    case erase(traceID: String)
    /// The contents of traces that began before a moment were deleted.
    case retire(before: String)
    /// Another key signs from here on; the checkpoint that covers the receipt is signed by both.
    case rotate(key: String)

    /// Routes of such receipts begin with this; those of requests never do.
    package static let routePrefix = "audit/"

    package var route: String {
        switch self {
        case .erase: Self.routePrefix + "erase"
        case .retire: Self.routePrefix + "retention"
        case .rotate: Self.routePrefix + "key"
        }
    }

    /// The payload of the act's `tool_execution` step.
    package var payload: JSONObject {
        switch self {
        case .erase(let traceID): ["tool": "audit_erase", "status": "ok", "trace_id": .string(traceID)]
        case .retire(let before): ["tool": "audit_retention", "status": "ok", "before": .string(before)]
        case .rotate(let key): ["tool": "audit_key", "status": "ok", "verifier_key": .string(key)]
        }
    }

    init?(_ step: StoredTrace.Step) {
        guard step.type.elementsEqual(StepType.toolExecution.rawValue.utf8),
            let payload = try? JSONDocument(parsing: step.json).root
        else { return nil }
        switch (payload["tool"]?.string, payload["trace_id"]?.string, payload["before"]?.string) {
        case ("audit_erase", let id?, _): self = .erase(traceID: id)
        case ("audit_retention", _, let before?): self = .retire(before: before)
        default: return nil
        }
    }

    /// Whether a trace is the receipt of an act.
    static func isOne(_ trace: StoredTrace) -> Bool {
        guard let metadata = try? JSONDocument(parsing: trace.metadata).root else { return false }
        return metadata["route"]?.string?.hasPrefix(routePrefix) ?? false
    }
}
