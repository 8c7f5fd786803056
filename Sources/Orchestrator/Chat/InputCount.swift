import OrchCore
package import OrchTokens

/// What a request costs in tokens, as a counter counts it.
package struct InputCount: Sendable {
    package let counter: TokenCounter
    /// Of each message, with what the chat template puts around it.
    package var messages: [Int]
    /// Of what stands beside the messages: the agent's prompt, definitions of tools, a format of the answer, and what
    /// the chat template adds once.
    package var overhead: Int
    /// Of everything.
    package private(set) var total: Int

    /// Counts a request.
    ///
    /// - Parameter promptTokens: Of the agent's prompt; nil where the request has none.
    init(of request: ChatRequest, promptTokens: Int?, by counter: TokenCounter) {
        self.counter = counter
        messages = []
        messages.reserveCapacity(request.messages.count)
        let frame = counter.template.perMessage
        var sum = 0
        for message in request.messages {
            let tokens = frame + counter.tokens(of: message)
            messages.append(tokens)
            sum += tokens
        }
        overhead = counter.template.perConversation
        for node in request.countedNodes { overhead += node.withBytes { counter.tokens(of: $0) } }
        if let promptTokens {
            overhead += frame + counter.tokens(ofRole: .system) + promptTokens
        } else if request.messages.first?.role != .system, let text = counter.template.defaultSystem {
            // Templates look at the first message alone.
            overhead += frame + counter.tokens(ofRole: .system) + counter.tokens(of: text)
        }
        total = sum + overhead
    }

    /// The bytes of all texts that are sent, and what templates add at most: no fewer than tokens of any model.
    static func bytes(of messages: [ChatMessage], besides nodes: [JSONNode], _ systemTexts: String?...) -> Int {
        let frame = ChatTemplate.largest.perMessage
        var bytes = ChatTemplate.largest.perConversation
        for case let text? in systemTexts {
            bytes += text.utf8.count + frame + ChatMessage.Role.system.rawValue.utf8.count
        }
        for node in nodes { bytes += node.range.count }
        for message in messages { bytes += frame + message.textBytes }
        return bytes
    }
}

extension TokenCounter {
    /// A message without its frame.
    fileprivate func tokens(of message: ChatMessage) -> Int {
        var tokens = tokens(ofRole: message.role)
        if let content = message.content {
            if content.kind == .string {
                tokens += content.withTextBytes { self.tokens(of: $0) }
            } else {
                for part in content.elements { tokens += self.tokens(ofPart: part) }
            }
        }
        for counted in message.counted {
            switch counted {
            case .name(let node): tokens += template.perName + node.withTextBytes { self.tokens(of: $0) }
            case .text(let node): tokens += node.withTextBytes { self.tokens(of: $0) }
            case .json(let node): tokens += node.withBytes { self.tokens(of: $0) }
            }
        }
        return tokens
    }

    fileprivate func tokens(ofRole role: ChatMessage.Role) -> Int {
        role.rawValue.withUTF8Bytes { tokens(of: $0) }
    }

    /// Sound and files are not counted: what they cost is known to the model server alone.
    private func tokens(ofPart part: JSONNode) -> Int {
        switch part["type"]?.string {
        case "image_url", "image", "input_image":
            part["image_url"]?["detail"]?.string == "low" ? images.low : images.high
        case "refusal": part["refusal"]?.withTextBytes { tokens(of: $0) } ?? 0
        default: part["text"]?.withTextBytes { tokens(of: $0) } ?? 0
        }
    }
}

extension String {
    fileprivate func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}
