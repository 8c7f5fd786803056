import OrchTokens

/// Counts the input of a request.
struct InputCounter {
    let counter: ByteFallbackCounter

    /// Role markers and separators that a chat template puts around a message.
    private static let bytesPerMessage = 4
    /// The largest charge for an image in OpenAI's published rule: six tiles of 170 and a base of 85.
    private static let tokensPerImage = 1105

    func tokens(of request: ChatRequest, agentPrompt: String?) -> Int {
        var bytes = request.toolDefinitionBytes
        var images = 0
        for message in request.messages {
            bytes += message.countedBytes + Self.bytesPerMessage
            images += message.imageCount
        }
        if let agentPrompt { bytes += agentPrompt.utf8.count + Self.bytesPerMessage }
        return counter.tokens(forBytes: bytes) + images * Self.tokensPerImage
    }

    func tokens(of text: String) -> Int {
        counter.tokens(forBytes: text.utf8.count)
    }
}
