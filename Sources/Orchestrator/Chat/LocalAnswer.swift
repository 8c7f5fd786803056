import OrchRouting

/// Why no model can be asked.
package enum NoModelReason: Sendable, Equatable {
    /// ORCH_LLM_ENABLED is off.
    case disabled
    /// ORCH_LLM_PROVIDER is local, and no model is installed.
    case notInstalled

    var explanation: String {
        switch self {
        case .disabled:
            "No language model is configured: model calls are off. Set ORCH_LLM_ENABLED=1 (and ORCH_LLM_PROVIDER to "
                + "local, ollama or openai) to turn one on."
        case .notInstalled:
            "No language model is installed for ORCH_LLM_PROVIDER=local. Run ./scripts/assets install, or set "
                + "ORCH_LOCAL_MODEL_PATH to a GGUF file, and start the server again."
        }
    }
}

/// The honest answer where there is no model: says so, what was recognised, and which setting turns one on.
struct LocalAnswer {
    /// The name under which such an answer appears as `model`.
    static let modelName = "local-answer"

    let reason: NoModelReason
    let route: IntentDecision

    var text: String { "\(reason.explanation)\n\n\(recognised)" }

    private var recognised: String {
        if let tool = route.tool { return "The request was recognised as one for the tool \(tool), which was not run." }
        if let intent = route.intentID, route.evidence.candidate != nil, route.reason != RouteReason.toolNotAllowed {
            return "The request was recognised as \(intent), which is for a model."
        }
        return "Nothing in the request was recognised as a task for a tool."
    }
}
