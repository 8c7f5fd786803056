import Testing

@testable import OrchSandbox

@Suite struct AttemptReportTests {
    private let attempt = EscapeAttempt("sleep", .resources, "stay longer than it may")

    private func report(_ output: String) -> AttemptReport? { AttemptReport(of: attempt, in: Array(output.utf8)) }

    @Test(arguments: [
        (#"{"attempt": "sleep", "outcome": "held", "detail": "EPERM"}"#, AttemptReport.Outcome.held, String?.none),
        (#"{"attempt": "sleep", "outcome": "held", "detail": "EPERM", "limit": "disk"}"#, .held, "disk"),
        (#"{"attempt": "sleep", "outcome": "escaped", "detail": "EPERM"}"#, .escaped, nil),
        (#"{"attempt": "sleep", "outcome": "broken", "detail": "EPERM"}"#, .broken, nil),
    ])
    func `a report is read`(line: String, outcome: AttemptReport.Outcome, limit: String?) {
        let expected = AttemptReport(attempt: "sleep", outcome: outcome, detail: "EPERM", limit: limit)
        #expect(report(line + "\n") == expected)
        #expect(report("xxxx\n{\n\n" + line) == expected)
    }

    @Test(arguments: [
        "", "\n", "{", "{}", "held", #"{"attempt": "sleep", "outcome": "held"}"#,
        #"{"attempt": "sleep", "outcome": "saved", "detail": ""}"#,
        #"{"attempt": "other", "outcome": "held", "detail": ""}"#,
        #"{"attempt": "sleep", "outcome": "held", "detail": """#,
        #"x{"attempt": "sleep", "outcome": "held", "detail": ""}"#,
    ])
    func `anything else is no report`(output: String) {
        #expect(report(output) == nil)
    }

    @Test func `of several reports the last counts`() {
        let lines = ["held", "broken"].map { #"{"attempt": "sleep", "outcome": "\#($0)", "detail": ""}"# }
        #expect(report(lines.joined(separator: "\n"))?.outcome == .broken)
    }

    @Test func `an escape counts wherever it stands`() {
        let lines = ["held", "escaped", "held"].map { #"{"attempt": "sleep", "outcome": "\#($0)", "detail": ""}"# }
        #expect(report(lines.joined(separator: "\n"))?.outcome == .escaped)
    }
}
