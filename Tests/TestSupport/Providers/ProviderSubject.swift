import OrchCore
package import OrchEgress
package import OrchProviders

/// A kind of provider for ``ProviderConformance``, with what its server would say.
package struct ProviderSubject: Sendable, CustomStringConvertible {
    package var description: String
    package var make: @Sendable (any OutboundHTTP, Endpoint) -> any ModelProvider
    package var chatPath: String
    package var modelsPath: String
    package var healthPath: String
    package var embeddingsPath: String
    package var streamType: String
    /// A whole answer whose content is ``text``, for ten tokens that were asked and five that were answered.
    package var completion: String
    /// The same answer in pieces, to its very end.
    package var stream: String
    /// A piece with the content `half`, and one that reports a failure.
    package var failingStream: String
    /// Of at least two models, `one` and `two` first.
    package var models: String
    package var health: String
    /// Two vectors: 1, 2 and 3, 4.
    package var embeddings: String
    /// What the server says to requests that come before the one that is looked at.
    package var otherwise: ServerScript

    package static let text = "Hé 😀 \"there\"\n"
    /// ``text`` inside a JSON string.
    package static let escapedText = "Hé 😀 \\\"there\\\"\\n"

    package init(
        _ description: String, chatPath: String, modelsPath: String, healthPath: String, embeddingsPath: String,
        streamType: String, completion: String, stream: String, failingStream: String, models: String, health: String,
        embeddings: String, otherwise: @escaping ServerScript = { _ in ScriptedReply("{}", status: 404) },
        make: @escaping @Sendable (any OutboundHTTP, Endpoint) -> any ModelProvider
    ) {
        self.description = description
        self.make = make
        self.chatPath = chatPath
        self.modelsPath = modelsPath
        self.healthPath = healthPath
        self.embeddingsPath = embeddingsPath
        self.streamType = streamType
        self.completion = completion
        self.stream = stream
        self.failingStream = failingStream
        self.models = models
        self.health = health
        self.embeddings = embeddings
        self.otherwise = otherwise
    }
}
