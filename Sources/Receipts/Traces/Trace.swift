package import OrchCore

/// What is recorded of one admitted request.
package struct Trace: Sendable, Equatable {
    package var id: TraceID
    package var createdAt: Timestamp
    package var metadata: JSONObject
    package var steps: [Step]

    package init(id: TraceID, createdAt: Timestamp, metadata: JSONObject = [:], steps: [Step] = []) {
        self.id = id
        self.createdAt = createdAt
        self.metadata = metadata
        self.steps = steps
    }
}

/// How far a request has come.
package enum TraceStatus: String, Sendable, CaseIterable {
    /// Its opening is on disk; its end is not.
    case open
    case ok
    /// It was answered with an error.
    case failed
    /// The caller went away before the end.
    case cancelled
    /// The process died before the end.
    case processDied = "process_died"
}
