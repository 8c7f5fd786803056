import OrchCore

/// One thing that keeps the program from starting.
package struct ConfigurationViolation: Sendable, Hashable, CustomStringConvertible {
    /// The setting; nil where a line of .env could not be read.
    package let name: String?
    /// What is wrong, and what to do.
    package let reason: String
    /// The value as it may be shown; nil for secrets, and where the value is not the point.
    package let value: String?
    /// What may stand there.
    package let allowed: String?
    /// Where the value comes from.
    package let source: SettingSource?

    package init(
        _ name: String?, _ reason: String, value: String? = nil, allowed: String? = nil, source: SettingSource? = nil
    ) {
        self.name = name
        self.reason = reason
        self.value = value
        self.allowed = allowed
        self.source = source
    }

    package var description: String {
        var text = name ?? ""
        if let value { text += (text.isEmpty ? "" : " = ") + Self.quoted(value) }
        if let source { text += text.isEmpty ? source.description : " (\(source))" }
        text += ": " + reason
        if let allowed { text += "; allowed: " + allowed }
        return text
    }

    /// The value in quotes on one line, cut at 120 characters.
    private static func quoted(_ value: String) -> String {
        let limit = 120
        var text = ""
        for scalar in value.unicodeScalars.prefix(limit) {
            text += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : scalar.escaped(asASCII: false)
        }
        return "\"\(text)\(value.unicodeScalars.count > limit ? "…" : "")\""
    }
}

/// Something that the operator should know, though the program starts.
package struct ConfigurationWarning: Sendable, Hashable, CustomStringConvertible {
    /// The setting, or the unknown name.
    package let name: String
    /// What is the matter.
    package let message: String
    /// Where the name was found.
    package let source: SettingSource?

    package init(_ name: String, _ message: String, source: SettingSource? = nil) {
        self.name = name
        self.message = message
        self.source = source
    }

    package var description: String {
        name + (source.map { " (\($0))" } ?? "") + ": " + message
    }
}

/// Why a configuration is refused: everything that is wrong with it, at once.
package struct ConfigurationError: CodedError {
    /// What must be mended, in the order of the reference.
    package let violations: [ConfigurationViolation]
    /// What was noticed besides; a misspelt name often explains what is missing.
    package let warnings: [ConfigurationWarning]

    package init(violations: [ConfigurationViolation], warnings: [ConfigurationWarning] = []) {
        self.violations = violations
        self.warnings = warnings
    }

    package var codeName: String { "invalid_configuration" }

    package var message: String {
        let count = violations.count == 1 ? "1 thing is" : "\(violations.count) things are"
        var lines = ["\(count) wrong with the configuration"]
        lines += violations.map { "  " + $0.description }
        lines += warnings.map { "  warning: " + $0.description }
        return lines.joined(separator: "\n")
    }
}
