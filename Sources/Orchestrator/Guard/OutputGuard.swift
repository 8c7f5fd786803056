import OrchCore
package import OrchPrivacy
import OrchProviders

/// Keeps secrets and personal data out of models' answers (ORCH_OUTPUT_GUARD).
///
/// Every text of a choice is looked at: what the model says, thinks and refuses, and what it wants to call with. What a
/// guard does not know how to look at, it leaves out.
package struct OutputGuard: Sendable {
    package enum Action: String, Sendable {
        /// Replaces what is found.
        case redact
        /// Ends the choice where something is found: its finish reason is `content_filter`.
        case block
    }

    let action: Action
    let scrubber: Scrubber

    package init(_ action: Action, scrubber: Scrubber) {
        self.action = action
        self.scrubber = scrubber
    }

    /// A call's arguments that cannot be cleaned without breaking their JSON.
    private static let noArguments = "{}"

    /// The members of an answer or a chunk that hold nothing that a model wrote; `choices` is looked at, and any other
    /// is left out.
    private static let passed: Set<String> = [
        "id", "object", "created", "model", "system_fingerprint", "service_tier", "usage",
    ]

    /// Writes an answer's members with other choices.
    static func write(
        _ answer: JSONNode, to writer: inout JSONWriter, without left: Set<String> = [],
        choices: (inout JSONWriter) throws(ProviderError) -> Void
    ) throws(ProviderError) {
        writer.beginObject()
        for member in answer.members where passed.contains(member.key) && !left.contains(member.key) {
            writer.key(member.key)
            writer.raw(member.value.slice)
        }
        writer.key("choices")
        writer.beginArray()
        try choices(&writer)
        writer.endArray()
        writer.endObject()
    }

    // MARK: Values

    /// A value of a choice without what was found in its texts.
    func clean(_ value: JSONValue, key: String = "", _ report: inout GuardReport) -> JSONValue {
        switch value {
        case .null, .bool:
            return value
        case .integer, .number:
            return clean(String(decoding: value.serialized, as: UTF8.self), &report).map(JSONValue.string) ?? value
        case .string(let text):
            return .string(
                key == "arguments" ? cleanArguments(text, &report) : clean(text, &report) ?? text)
        case .array(let elements):
            return .array(elements.map { clean($0, key: key, &report) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map {
                        JSONObject.Member(
                            key: clean($0.key, &report) ?? $0.key, value: clean($0.value, key: $0.key, &report))
                    }))
        }
    }

    /// The text without what was found; nil where nothing was.
    private func clean(_ text: String, _ report: inout GuardReport) -> String? {
        let bytes = Array(text.utf8)
        let findings = scrubber.findings(in: bytes)
        guard !findings.isEmpty else { return nil }
        report.add(findings)
        return String(decoding: scrubber.replace(findings, in: bytes), as: UTF8.self)
    }

    /// Arguments of a call: JSON in a text. Cleaned value by value, so that it stays JSON and no escape hides anything,
    /// and then as a whole, since a name says what stands behind it.
    private func cleanArguments(_ text: String, _ report: inout GuardReport) -> String {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return clean(text, &report) ?? text }
        var inside = GuardReport()
        let cleaned = clean(value, &inside)
        report.add(inside)
        let known = inside.isEmpty ? text : String(decoding: cleaned.serialized, as: UTF8.self)
        guard let whole = clean(known, &report) else { return known }
        return (try? JSONValue(parsing: Array(whole.utf8))) == nil ? Self.noArguments : whole
    }
}

/// What a guard did to one answer.
struct GuardReport: Sendable, Equatable {
    /// How often each detector found something.
    private(set) var findings: [String: Int] = [:]
    /// Whether something was kept from the caller altogether.
    var isBlocked = false

    var isEmpty: Bool { findings.isEmpty }

    /// For metrics and receipts: `passed`, `redacted` or `blocked`.
    var outcome: String { isBlocked ? "blocked" : isEmpty ? "passed" : "redacted" }

    mutating func add(_ found: [Finding]) {
        for finding in found { findings[finding.id, default: 0] += 1 }
    }

    mutating func add(_ other: GuardReport) {
        findings.merge(other.findings) { $0 + $1 }
        isBlocked = isBlocked || other.isBlocked
    }
}
