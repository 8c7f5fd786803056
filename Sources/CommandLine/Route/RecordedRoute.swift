import OrchCore
import OrchReceipts
import OrchRouting

/// A decision of routing as a receipt holds it.
struct RecordedRoute: Sendable {
    enum Router: String, Sendable {
        /// The rules, and meaning behind them.
        case rules
        case intents
        /// The intent router, which only watched.
        case shadow
    }

    let traceID: TraceID
    let router: Router
    let outcome: String
    let reason: String
    /// nil where no intent was found.
    let intent: String?
    /// The rule that matched.
    let rule: String?
    /// What the text's meaning said.
    let candidate: SemanticCandidate?

    /// The decisions of a trace: two where the intent router only watched. None that a human made, or of a request that
    /// was not routed.
    static func all(in trace: Trace) -> [RecordedRoute] {
        var candidate: SemanticCandidate?
        var routes: [RecordedRoute] = []
        for step in trace.steps {
            switch step.type {
            // It stands in front of the decision that it led to.
            case .semanticRouter: candidate = SemanticCandidate(step.payload)
            case .intentRouter:
                let payload = step.payload
                guard let router = payload["router"]?.stringValue.flatMap(Router.init),
                    payload["reason"]?.stringValue != "hitl_approved"
                else { continue }
                let rule = payload["rule"]?.stringValue
                // Where the intent router watches, the plain router may not have looked at the meaning.
                let seen = payload["gap"] == nil ? nil : candidate
                if let route = RecordedRoute(trace.id, router, payload, rule: rule, seen) { routes.append(route) }
                if let shadow = payload["shadow"]?.objectValue,
                    let route = RecordedRoute(trace.id, .shadow, shadow, rule: rule, candidate)
                {
                    routes.append(route)
                }
            default: break
            }
        }
        return routes
    }

    private init?(
        _ traceID: TraceID, _ router: Router, _ payload: JSONObject, rule: String?, _ candidate: SemanticCandidate?
    ) {
        guard let outcome = payload["outcome"]?.stringValue, let reason = payload["reason"]?.stringValue else {
            return nil
        }
        self.traceID = traceID
        self.router = router
        self.outcome = outcome
        self.reason = reason
        intent = payload["intent"]?.stringValue
        self.rule = rule
        self.candidate = candidate
    }
}

extension SemanticCandidate {
    /// What a step of the semantic router tells; nil where the meaning said nothing.
    fileprivate init?(_ payload: JSONObject) {
        guard let intent = payload["intent"]?.stringValue, let similarity = payload["similarity"]?.doubleValue,
            let confidence = payload["confidence"]?.doubleValue, let gap = payload["gap"]?.doubleValue
        else { return nil }
        self.init(
            intentID: intent, similarity: similarity, confidence: confidence, gap: gap,
            runnerUp: payload["runner_up"]?.stringValue)
    }
}
