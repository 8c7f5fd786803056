import OrchConfiguration
import OrchCore

/// What `orch doctor` says.
struct DoctorReport {
    let checkups: [Checkup]

    init(checkups: [Checkup]) {
        self.checkups = checkups
    }

    /// The report on a configuration that is refused.
    init(refused error: ConfigurationError) {
        checkups =
            error.violations.map { Checkup("configuration", .failed, $0.description) }
            + error.warnings.map { Checkup("configuration", .warning, $0.description) }
    }

    var hasFailed: Bool { checkups.contains { $0.verdict == .failed } }

    func text(_ palette: Palette) -> String {
        let width = checkups.map { Visible.line($0.name).count }.max() ?? 0
        var text = ""
        for checkup in checkups {
            let (mark, colour) = Self.mark(checkup.verdict)
            let name = Visible.line(checkup.name)
            let padding = String(repeating: " ", count: width - name.count)
            text += "\(palette.paint(mark, colour)) \(palette.paint(name, .bold))\(padding)  "
            text += Visible.line(checkup.detail) + "\n"
            if let remedy = checkup.remedy { text += "    → \(Visible.line(remedy))\n" }
        }
        return text + "\n\(summary)\n"
    }

    /// `5 ok, 1 warning, 2 failed`
    private var summary: String {
        func count(_ verdict: Checkup.Verdict) -> Int { checkups.count { $0.verdict == verdict } }
        return "\(count(.ok)) ok, \(Measure.count(count(.warning), "warning")), \(count(.failed)) failed"
    }

    private static func mark(_ verdict: Checkup.Verdict) -> (String, Palette.Colour) {
        switch verdict {
        case .ok: ("✓", .green)
        case .warning: ("!", .yellow)
        case .failed: ("✗", .red)
        }
    }

    /// `{"ok","checkups":[{"name","verdict","detail","remedy"}]}`
    var json: String {
        let value: JSONValue = [
            "ok": .bool(!hasFailed),
            "checkups": .array(
                checkups.map { checkup in
                    [
                        "name": .string(checkup.name), "verdict": .string(checkup.verdict.rawValue),
                        "detail": .string(checkup.detail), "remedy": checkup.remedy.map(JSONValue.string) ?? .null,
                    ]
                }),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
