/// The files that are made from the settings table. `orch config docs --write` writes them.
package enum ConfigurationReference {
    /// Each file's path from the root of the checkout, and its text.
    package static var files: [(path: String, text: String)] {
        [
            ("docs/configuration.md", markdown()),
            (".env.example", EnvironmentTemplate.development),
            (".env.production.example", EnvironmentTemplate.production),
        ]
    }

    /// The text of docs/configuration.md.
    package static func markdown() -> String {
        var lines = [
            "# Configuration",
            "",
            "<!-- Made from the settings table by `orch config docs --write`; edit that, not this. -->",
            "",
            "A setting is looked up on the command line, then in the environment, then in `.env`, and else has its",
            "default. An empty value counts as unset, except where the default of a text, list or secret is empty.",
            "A value that is not allowed stops the start, and so does one that this version would have to ignore at",
            "your cost; all of them are named at once. A name that begins with `ORCH_` and is no setting gets a warning.",
            "`orch config show` prints what holds and where it comes from, without the secrets.",
            "",
            "In `.env` a line is `NAME=value`, perhaps after `export`. Values are bare, in single quotes, or in double",
            "quotes with `\\n`, `\\\"` and `\\\\`; a `#` after a blank begins a comment. Variables are not expanded.",
            "",
            "Paths that begin with `instance/` move with `ORCH_INSTANCE_DIR` unless they are set themselves.",
            "",
            "| status | means |",
            "| --- | --- |",
            "| used | it has an effect |",
            "| planned | known; set to anything but its default it gives a warning, and does nothing yet |",
            "| refused | known; set to anything but its default it stops the start, since somebody might rely on it |",
        ]
        for area in SettingArea.allCases {
            lines += [
                "", "## \(area.title)", "", "| name | type | default | meaning | status |",
                "| --- | --- | --- | --- | --- |",
            ]
            lines += SettingsTable.entries(of: area).map { entry in
                let cells = [
                    "`\(entry.name)`", escaped(entry.typeName), code(entry.standard.documented),
                    escaped(entry.meaning), status(entry.status),
                ]
                return "| " + cells.joined(separator: " | ") + " |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func status(_ status: SettingStatus) -> String {
        switch status {
        case .used: "used"
        case .planned(refuseUnlessDefault: false): "planned"
        case .planned(refuseUnlessDefault: true): "refused"
        }
    }

    private static func code(_ text: String) -> String {
        text.isEmpty ? "" : "`\(escaped(text))`"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
