import OrchOrchestrator
import OrchRouting

/// What `orch route report` says. Nothing in it tells of time or place: the same cases, policies, intents and embedder
/// give the same bytes.
struct GoldenReport: Sendable {
    struct Hashes: Sendable {
        /// Of the cases' own tool policy.
        var policy: String
        var routerPolicy: String
        var meaning: Meaning.Hashes
    }

    let version: String
    let hashes: Hashes
    let thresholds: RoutingThresholds
    let results: [GoldenResult]

    var failed: [GoldenResult] { results.filter { !$0.passed } }
    /// Of the cases that both routers decide.
    var pairs: [GoldenResult] { results.filter(\.golden.isShadowed) }
    var mismatches: [GoldenResult] { pairs.filter(\.isMismatch) }

    /// By tier, from 0 to 3.
    var tiers: [Int] { (0...3).map { tier in results.count { $0.decision.tier == tier } } }

    func count(_ outcome: IntentDecision.Outcome) -> Int { results.count { $0.decision.outcome == outcome } }

    /// The share of cases that a human decides; nil of none.
    var humanRate: Double? { results.isEmpty ? nil : Reliability.rounded(count(.human), results.count) }

    /// Of the decisions by meaning whose intent the case says, or that belong to none.
    var reliability: Reliability {
        var reliability = Reliability()
        for result in results {
            guard let candidate = result.decision.evidence.candidate else { continue }
            let intent = result.golden.expected.intent
            guard intent != nil || result.golden.tags.contains("out-of-scope") else { continue }
            reliability.add(confidence: candidate.confidence, isRight: candidate.intentID == intent)
        }
        return reliability
    }

    /// What is printed.
    func text(_ palette: Palette, files: [String]) -> String {
        let tiers = tiers.enumerated().map { "\($1) at \($0)" }.joined(separator: ", ")
        let rows: [[Table.Cell]] = [
            [Table.Cell("cases", .bold), Table.Cell("\(results.count)")],
            [
                Table.Cell("failed", .bold), Table.Cell("\(failed.count)", failed.isEmpty ? .green : .red),
            ],
            [Table.Cell("tiers", .bold), Table.Cell(tiers)],
            [Table.Cell("humans", .bold), Table.Cell("\(count(.human)), a share of \(Self.shown(humanRate))")],
            [
                Table.Cell("shadow", .bold),
                Table.Cell("\(Measure.count(pairs.count, "pair")), \(mismatches.count) of which differ"),
            ],
            [
                Table.Cell("calibration", .bold),
                Table.Cell(
                    "expected error \(Self.shown(reliability.expectedCalibrationError)) over "
                        + Measure.count(reliability.count, "decision")),
            ],
            [Table.Cell("written", .bold), Table.Cell(files.joined(separator: ", "))],
        ]
        return failuresText(palette) + Table([], rows).text(palette)
    }

    private func failuresText(_ palette: Palette) -> String {
        guard !failed.isEmpty else { return "" }
        let rows = failed.flatMap { result in
            result.differences.map { difference -> [Table.Cell] in
                [
                    Table.Cell(result.golden.id), Table.Cell(difference.member), Table.Cell(difference.expected),
                    Table.Cell(difference.found, .red),
                ]
            }
        }
        return Table(["CASE", "MEMBER", "EXPECTED", "FOUND"], rows).text(palette) + "\n"
    }

    static func shown(_ figure: Double?) -> String { figure.map { "\($0)" } ?? "none" }
}
