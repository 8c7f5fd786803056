import OrchConfiguration
import OrchCore

/// What `orch config check` says.
struct ConfigurationCheckReport {
    let violations: [ConfigurationViolation]
    let warnings: [ConfigurationWarning]

    var isValid: Bool { violations.isEmpty }

    func text(_ palette: Palette) -> String {
        var lines = violations.map { palette.paint("✗", .red) + " \(Visible.line($0.description))" }
        lines += warnings.map { palette.paint("!", .yellow) + " \(Visible.line($0.description))" }
        let warned = warnings.isEmpty ? "" : ", with \(Measure.count(warnings.count, "warning"))"
        lines.append(
            isValid
                ? palette.paint("✓", .green) + " the configuration is in order\(warned)"
                : "the server would not start: \(Measure.count(violations.count, "fault"))\(warned)")
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{"valid","violations":[{"name","reason","value","allowed","source"}],"warnings":[{"name","message","source"}]}`
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("valid", isValid)
        writer.key("violations")
        writer.beginArray()
        for violation in violations {
            writer.beginObject()
            writer.member("name", orNull: violation.name)
            writer.member("reason", violation.reason)
            writer.member("value", orNull: violation.value)
            writer.member("allowed", orNull: violation.allowed)
            writer.member("source", orNull: violation.source?.description)
            writer.endObject()
        }
        writer.endArray()
        writer.key("warnings")
        writer.beginArray()
        for warning in warnings {
            writer.beginObject()
            writer.member("name", warning.name)
            writer.member("message", warning.message)
            writer.member("source", orNull: warning.source?.description)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
