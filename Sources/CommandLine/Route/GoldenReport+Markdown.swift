import OrchOrchestrator
import OrchRouting

extension GoldenReport {
    /// The report for people, in Markdown.
    var markdown: String {
        """
        # Routing report

        \(failed.isEmpty ? "All golden cases come out as they must." : "Not all golden cases come out as they must.")

        \(table(["figure", "is"], figures))
        ## Failed cases
        \(failed.isEmpty ? "None.\n" : table(["case", "tags", "member", "expected", "found"], failures))
        ## Tiers
        \(table(["tier", "cases"], tiers.enumerated().map { ["\($0)", "\($1)"] }))
        ## Outcomes
        \(table(["outcome", "cases"], IntentDecision.Outcome.allCases.map { [$0.rawValue, "\(count($0))"] }))
        ## Shadow
        Of \(pairs.count) pairs of decisions, \(mismatches.count) differ in the tool or in the need for a human.

        \(mismatches.isEmpty ? "" : table(["case", "rules", "intent router"], differing) + "\n")\
        ## Calibration
        Decisions by meaning whose case says the intent: a share of about their confidence should be right. The expected
        calibration error is \(Self.shown(reliability.expectedCalibrationError)) over \(reliability.count) decisions.

        \(table(["confidence", "decisions", "mean confidence", "share right"], bins))
        ## What decided
        \(table(["part", "SHA-256 or value"], parts))
        """
    }

    private var figures: [[String]] {
        [
            ["cases", "\(results.count)"], ["passed", "\(results.count - failed.count)"],
            ["failed", "\(failed.count)"], ["decided by a human", Self.shown(humanRate)],
            ["shadow mismatches", "\(mismatches.count) of \(pairs.count)"],
            ["expected calibration error", Self.shown(reliability.expectedCalibrationError)],
        ]
    }

    private var failures: [[String]] {
        failed.flatMap { result in
            result.differences.map {
                [result.golden.id, result.golden.tags.joined(separator: ", "), $0.member, $0.expected, $0.found]
            }
        }
    }

    private var differing: [[String]] {
        func phrase(_ decision: IntentDecision) -> String {
            "\(decision.outcome.rawValue)\(decision.tool.map { " \($0)" } ?? ""), \(decision.reason)"
        }
        return mismatches.map { [$0.golden.id, phrase($0.plain), phrase($0.decision)] }
    }

    private var bins: [[String]] {
        reliability.bins.enumerated().map { place, bin in
            [
                "\(Double(place) / 10) to \(Double(place + 1) / 10)", "\(bin.count)", Self.shown(bin.meanConfidence),
                Self.shown(bin.shareRight),
            ]
        }
    }

    private var parts: [[String]] {
        [
            ["tool policy of the cases", hashes.policy], ["rules", hashes.routerPolicy],
            ["intents", hashes.meaning.intents], ["embedder", hashes.meaning.embedder],
            ["what was learned", hashes.meaning.learned],
            ["smallest similarity", "\(thresholds.minimumSimilarity)"], ["smallest gap", "\(thresholds.minimumGap)"],
            ["smallest confidence", "\(thresholds.minimumConfidence)"], ["program", version],
        ]
    }

    private func table(_ header: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| \(cells.map(Self.cell).joined(separator: " | ")) |\n" }
        return line(header) + "|\(String(repeating: " --- |", count: header.count))\n" + rows.map(line).joined()
    }

    /// On one line, with nothing that would end the cell or begin something else.
    private static func cell(_ text: String) -> String {
        var cell = ""
        for character in Visible.line(text) {
            if "\\`*_[]<>|".contains(character) { cell.append("\\") }
            cell.append(character)
        }
        return cell
    }
}
