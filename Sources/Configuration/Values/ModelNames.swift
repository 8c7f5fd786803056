/// A model name that clients use, and the model that it stands for.
package struct ModelAlias: Sendable, Hashable {
    /// What the request says.
    package let name: String
    /// What is meant.
    package let model: String

    package init(name: String, model: String) {
        self.name = name
        self.model = model
    }
}

/// A model that steps in when the ones before it are down.
package struct ModelFallback: Sendable, Hashable {
    /// Who serves it.
    package let provider: ProviderName
    /// Its name there.
    package let model: String

    package init(provider: ProviderName, model: String) {
        self.provider = provider
        self.model = model
    }
}
