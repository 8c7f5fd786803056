import OrchCore

/// What `orch sandbox check` says.
struct SandboxCheckReport {
    let parts: [Checkup]
    /// How many attempts the battery has.
    let expected: Int
    /// nil where the battery was not run.
    var attempts: [SandboxBench.Attempt]?

    var hasFailedPart: Bool { parts.contains { $0.verdict == .failed } }
    /// Whether nothing says otherwise. An attempt that is missing was not held.
    var hasHeld: Bool { attempts.map { open($0) == 0 } ?? true }

    /// How many attempts of the battery were not held.
    private func open(_ attempts: [SandboxBench.Attempt]) -> Int {
        max(expected, attempts.count) - attempts.count { $0.verdict == .held }
    }

    func text(_ palette: Palette, all: Bool, looksOnly: Bool) -> String {
        var text = DoctorReport(checkups: parts).text(palette)
        guard let attempts else {
            return looksOnly ? text : text + "the battery is not run: there is no sandbox to break\n"
        }
        text += "\n"
        var groups: [String] = []
        for attempt in attempts where !groups.contains(attempt.group) { groups.append(attempt.group) }
        for group in groups {
            let members = attempts.filter { $0.group == group }
            let held = members.count { $0.verdict == .held }
            let name = palette.paint(group, .bold) + String(repeating: " ", count: max(0, 12 - group.count))
            text += "\(name)\(held) of \(members.count) held\n"
            for attempt in members where all || attempt.verdict != .held {
                let mark = attempt.verdict == .held ? palette.paint("✓", .green) : palette.paint("✗", .red)
                text += "  \(mark) \(attempt.name): \(attempt.what)\n"
                text += "      \(attempt.verdict.rawValue): \(Visible.line(attempt.detail))\n"
            }
        }
        let (open, total) = (open(attempts), max(expected, attempts.count))
        return text
            + (open == 0
                ? palette.paint("HELD", .green) + ": \(total) of \(total) attempts\n"
                : palette.paint("NOT SAFE", .red) + ": \(open) of \(total) attempts escaped or could not be made\n")
    }

    /// `{"parts":[…],"battery":{"attempts","held","results":[{"name","group","verdict","detail"}]}}`; battery is null
    /// where it was not run.
    var json: String {
        let battery: JSONValue =
            attempts.map { attempts in
                [
                    "attempts": .integer(max(expected, attempts.count)),
                    "held": .integer(attempts.count { $0.verdict == .held }),
                    "results": .array(
                        attempts.map { attempt in
                            [
                                "name": .string(attempt.name), "group": .string(attempt.group),
                                "verdict": .string(attempt.verdict.rawValue), "detail": .string(attempt.detail),
                            ]
                        }),
                ]
            } ?? .null
        let value: JSONValue = [
            "parts": .array(
                parts.map { part in
                    [
                        "name": .string(part.name), "verdict": .string(part.verdict.rawValue),
                        "detail": .string(part.detail), "remedy": part.remedy.map(JSONValue.string) ?? .null,
                    ]
                }),
            "battery": battery,
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
