import OrchCore

/// What an attempt says of itself at its end.
package struct AttemptReport: Sendable, Hashable {
    package enum Outcome: String, Sendable {
        /// It was refused.
        case held
        /// It got what it was after.
        case escaped
        /// The attempt is at fault, and says nothing of the sandbox.
        case broken
    }

    package let attempt: String
    package let outcome: Outcome
    /// How it was refused, or what it got.
    package let detail: String
    /// The limit that refused more to a resource attack.
    package let limit: String?

    init(attempt: String, outcome: Outcome, detail: String, limit: String? = nil) {
        self.attempt = attempt
        self.outcome = outcome
        self.detail = detail
        self.limit = limit
    }

    /// Finds the report of an attempt in what it wrote to standard output; nil where there is none.
    ///
    /// It is the last line, after whatever an attack wrote. A line that reports an escape counts wherever it stands: a
    /// process that outlives the attempt says so behind its report.
    package init?(of attempt: EscapeAttempt, in output: some Collection<UInt8>) {
        let reports = output.split(separator: UInt8(ascii: "\n")).compactMap { line in
            line.first == UInt8(ascii: "{") ? AttemptReport(line: Array(line)) : nil
        }.filter { $0.attempt == attempt.name }
        guard let report = reports.first(where: { $0.outcome == .escaped }) ?? reports.last else { return nil }
        self = report
    }

    private init?(line: [UInt8]) {
        guard let members = (try? JSONValue(parsing: line))?.objectValue,
            let attempt = members["attempt"]?.stringValue,
            let outcome = members["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:)),
            let detail = members["detail"]?.stringValue
        else { return nil }
        self.init(attempt: attempt, outcome: outcome, detail: detail, limit: members["limit"]?.stringValue)
    }
}
