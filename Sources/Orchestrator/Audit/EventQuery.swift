import OrchCore
import OrchReceipts

/// What is asked of the trust panel's events.
struct EventQuery: Equatable {
    /// Events that are given where nobody says how many.
    static let usualLimit = 50

    let limit: Int
    /// All kinds where none is named.
    let types: Set<StepType>
    let traceID: TraceID?
    /// Whether sizes are told.
    let isDebug: Bool

    init(_ query: [String: String], _ settings: TrustPanel.Settings) throws(PipelineError) {
        limit = try Self.limit(query["limit"], maximum: settings.maximumEvents)
        types = try Self.types(query["step_type"])
        isDebug = try Self.debug(query["debug"], isAllowed: settings.isDebugAllowed)
        guard let text = query["trace_id"] else {
            traceID = nil
            return
        }
        guard let id = TraceID(text) else {
            throw PipelineError(
                .invalidValue, "trace_id must be a UUID in lower-case letters, as answers have it",
                parameter: "trace_id")
        }
        traceID = id
    }

    private static func limit(_ text: String?, maximum: Int) throws(PipelineError) -> Int {
        guard let text else { return min(usualLimit, maximum) }
        guard let limit = Int(text), String(limit) == text, (1...max(1, maximum)).contains(limit) else {
            throw PipelineError(
                .invalidValue, "limit must be a whole number from 1 to \(maximum) (ORCH_TRUST_PANEL_MAX_EVENTS)",
                parameter: "limit")
        }
        return limit
    }

    private static func types(_ text: String?) throws(PipelineError) -> Set<StepType> {
        guard let text else { return [] }
        var types: Set<StepType> = []
        for (place, word) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            guard let type = StepType(rawValue: String(word)) else {
                // The word is not repeated: messages hold nothing that a caller wrote.
                let all = StepType.allCases.map(\.rawValue).joined(separator: ", ")
                throw PipelineError(
                    .invalidValue, "word \(place + 1) of step_type is no kind of step; they are \(all)",
                    parameter: "step_type")
            }
            types.insert(type)
        }
        return types
    }

    private static func debug(_ text: String?, isAllowed: Bool) throws(PipelineError) -> Bool {
        guard let text else { return false }
        guard text == "0" || text == "1" else {
            throw PipelineError(.invalidValue, "debug must be 0 or 1", parameter: "debug")
        }
        guard text == "0" || isAllowed else {
            throw PipelineError(
                .invalidValue, "debug=1 is turned off (ORCH_TRUST_PANEL_DEBUG=0)", parameter: "debug")
        }
        return text == "1"
    }
}
