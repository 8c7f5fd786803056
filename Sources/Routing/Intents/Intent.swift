package import OrchCore

/// Something that people want, as plain data: known by what they say when they want it, and what is to be done then.
package struct Intent: Sendable, Hashable {
    /// Unique among the intents of a file.
    package var id: String
    package var description: String
    /// The tool that serves it; nil: the model does.
    package var tool: String?
    /// As a rule's: `expression_key` and `message_key` name the argument that gets the text.
    package var params: JSONObject
    /// What people say. Without any, the description alone is what texts are compared with.
    package var examples: [String]
    /// Where it differs from the settings, from 0 to 1; nil takes theirs, as do the other optional members.
    package var minimumConfidence: Double?
    package var minimumGap: Double?
    /// One that is not is checked with the others, and no catalogue holds it.
    package var isEnabled: Bool

    package init(
        id: String, description: String = "", tool: String? = nil, params: JSONObject = JSONObject(),
        examples: [String] = [], minimumConfidence: Double? = nil, minimumGap: Double? = nil, isEnabled: Bool = true
    ) {
        self.id = id
        self.description = description
        self.tool = tool
        self.params = params
        self.examples = examples
        self.minimumConfidence = minimumConfidence
        self.minimumGap = minimumGap
        self.isEnabled = isEnabled
    }
}
