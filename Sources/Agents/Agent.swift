package import OrchCore

/// A named assistant: the prompt that is put in front of its chats, and the tools that they may route to.
package struct Agent: Sendable, Hashable {
    package var name: AgentName
    package var description: String
    package var systemPrompt: String
    /// The names of the tools that its chats may use.
    package var tools: [String]
    /// Free-form facts such as `version`, `local_only` or `tokenizer_model`.
    package var metadata: JSONObject

    /// The model, or the vocabulary, that counts its chats; nil: that of the model they go to.
    package var tokenizerModel: String? { metadata["tokenizer_model"]?.stringValue }

    package init(
        name: AgentName, description: String = "", systemPrompt: String, tools: [String] = [],
        metadata: JSONObject = JSONObject()
    ) {
        self.name = name
        self.description = description
        self.systemPrompt = systemPrompt
        self.tools = tools
        self.metadata = metadata
    }
}
