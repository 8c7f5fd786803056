/// What a model's chat template adds around the messages of a conversation, in tokens.
///
/// OpenAI's figures are those of its cookbook (How to count tokens with tiktoken); those of the others are the control
/// tokens of the templates that their vocabularies ship.
package struct ChatTemplate: Sendable, Equatable {
    /// For each message, beside its role and text.
    package var perMessage: Int
    /// For a message's name, beside the name.
    package var perName: Int
    /// Once, for the beginning and for what asks for the answer.
    package var perConversation: Int
    /// What the template says where the conversation has no system message; nil: nothing.
    package var defaultSystem: String?

    package init(perMessage: Int, perName: Int, perConversation: Int, defaultSystem: String? = nil) {
        self.perMessage = perMessage
        self.perName = perName
        self.perConversation = perConversation
        self.defaultSystem = defaultSystem
    }

    /// `<|start|>role<|message|>…<|end|>`, and `<|start|>assistant<|message|>` for the answer. A message's role is a
    /// token of its own.
    package static let openAI = ChatTemplate(perMessage: 3, perName: 1, perConversation: 3)
    /// `<|im_start|>role↵…<|im_end|>↵`, and `<|im_start|>assistant↵`.
    package static let chatML = ChatTemplate(perMessage: 4, perName: 1, perConversation: 3)
    /// `<|start_header_id|>role<|end_header_id|>↵↵…<|eot_id|>`, the beginning, and the answer's header.
    package static let llama3 = ChatTemplate(perMessage: 4, perName: 1, perConversation: 5)
    /// No less than any of the others.
    package static let largest = ChatTemplate(perMessage: 4, perName: 1, perConversation: 5)

    /// No less than any of the others, nor than this one.
    static func largest(_ template: ChatTemplate) -> ChatTemplate {
        ChatTemplate(
            perMessage: max(largest.perMessage, template.perMessage), perName: max(largest.perName, template.perName),
            perConversation: max(largest.perConversation, template.perConversation),
            defaultSystem: template.defaultSystem)
    }

    /// The names that tables use.
    package static let named: [String: ChatTemplate] = ["openai": openAI, "chatml": chatML, "llama3": llama3]

    /// The one that a template in Jinja, as vocabularies ship it, follows; nil where it is none of these.
    package init?(jinja text: String) {
        if text.contains("<|im_start|>") {
            self = .chatML
        } else if text.contains("<|start_header_id|>") {
            self = .llama3
        } else {
            return nil
        }
    }
}

/// What an image costs in tokens, by the `detail` that the request asks for.
package struct ImagePrice: Sendable, Equatable {
    package var low: Int
    /// Any other detail; the largest that an image can cost, since the server does not open images.
    package var high: Int

    package init(low: Int, high: Int) {
        self.low = low
        self.high = high
    }

    /// OpenAI's published rule for GPT-4o and GPT-4.1: 85, and 170 for each of at most eight tiles.
    package static let standard = ImagePrice(low: 85, high: 1445)
}
