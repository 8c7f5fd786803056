import OrchCore

/// The effective configuration for `orch config show`; secrets are redacted.
package struct ConfigurationReport: Sendable {
    private let settings: [EffectiveSetting]

    package init(_ settings: [EffectiveSetting]) {
        self.settings = settings
    }

    /// A table with a line for each setting.
    package func table() -> String {
        let rows =
            [["NAME", "VALUE", "SOURCE", "DEFAULT", "AREA"]]
            + settings.map { setting in
                [
                    setting.entry.name, cell(setting.shown), setting.source.description,
                    cell(setting.entry.standard.documented), setting.entry.area.rawValue,
                ]
            }
        let widths = (0..<5).map { column in rows.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.unicodeScalars.count)
            }
            return cells.joined(separator: "  ").dropLast { $0 == " " }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{"settings":[{"name","value","source","default","area"}]}` and a line feed.
    package func json() -> String {
        var writer = JSONWriter(capacity: 32_768)
        writer.beginObject()
        writer.key("settings")
        writer.beginArray()
        for setting in settings {
            writer.beginObject()
            writer.key("name")
            writer.string(setting.entry.name)
            writer.key("value")
            writer.string(setting.shown)
            writer.key("source")
            writer.string(setting.source.description)
            writer.key("default")
            writer.string(setting.entry.standard.documented)
            writer.key("area")
            writer.string(setting.entry.area.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private func cell(_ text: String) -> String {
        text.isEmpty ? "-" : text
    }
}
