/// The name of an agent: 1 to 64 ASCII letters, digits, hyphens or underscores, so that it fits a URL and a model name.
package struct AgentName: Sendable, Hashable, CustomStringConvertible {
    package static let maximumLength = 64

    /// As it was written.
    package let text: String

    /// Refuses a text that breaks the rule.
    package init(_ text: String) throws(AgentError) {
        guard !text.isEmpty else {
            throw AgentError(.invalidName, reason: "an agent's name is empty")
        }
        guard text.utf8.count <= AgentName.maximumLength else {
            let limit = AgentName.maximumLength
            throw AgentError(.invalidName, reason: "an agent's name is longer than \(limit) characters")
        }
        guard text.utf8.allSatisfy(AgentName.isAllowed) else {
            throw AgentError(.invalidName, reason: "an agent's name has other characters than letters, digits, - and _")
        }
        self.text = text
    }

    /// The form in which names are compared: lower case.
    package var key: String { text.lowercased() }

    package var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
