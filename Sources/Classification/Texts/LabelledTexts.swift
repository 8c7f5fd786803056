/// A label and the texts that say what belongs to it.
package struct LabelledTexts: Sendable, Hashable {
    package let id: String
    /// What the label means, in words; it counts as one more example. Empty: the id's words.
    package let description: String
    package let examples: [String]

    package init(id: String, description: String = "", examples: [String] = []) {
        self.id = id
        self.description = description
        self.examples = examples
    }

    /// The description, or the id with spaces for its underscores and dashes.
    var meaning: String {
        guard description.isEmpty else { return description }
        return String(decoding: id.utf8.map { $0 == 0x5F || $0 == 0x2D ? 0x20 : $0 }, as: UTF8.self)
    }
}
