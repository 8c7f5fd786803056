/// What the server is run for; production refuses what is fine on a desk.
package enum DeploymentEnvironment: String, Sendable, CaseIterable {
    case development, production
}

/// How much is logged, from everything to what stops the server.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

/// The kind of model server that answers.
package enum ProviderName: String, Sendable, CaseIterable {
    /// Ollama's native API.
    case ollama
    /// Any server that speaks the OpenAI API.
    case openai
    /// The llama.cpp child that the orchestrator starts itself.
    case local
}

/// How much of the pipeline a request goes through.
package enum OrchestratorMode: String, Sendable, CaseIterable {
    /// A model or a local answer, no tools.
    case basic
    /// The whole pipeline.
    case advanced
}

/// How turns without a priority are ranked where some must go.
package enum PruneStrategy: String, Sendable, CaseIterable {
    /// By what the last user message asks; by place where no embedder is installed.
    case relevance
    /// By place, the latest first.
    case recency
}

/// What the sandbox is made of.
package enum SandboxBackend: String, Sendable, CaseIterable {
    case auto, bubblewrap, docker
}

/// What happens to secrets and personal data in models' answers.
package enum OutputGuardMode: String, Sendable, CaseIterable {
    case off, redact, block
}

enum MemoryWritePolicy: String, Sendable, CaseIterable {
    case off, strict
    case captureOnly = "capture_only"
}

enum OutageBehaviour: String, Sendable, CaseIterable {
    case refuse, local
}

/// What stands in the place of a finding.
package enum RedactionStyle: String, Sendable, CaseIterable {
    case plain, typed
}
