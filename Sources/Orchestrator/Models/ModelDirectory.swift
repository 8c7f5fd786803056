package import OrchAgents
package import OrchProviders
import Synchronization

/// Which names stand for which models.
package final class ModelDirectory: Sendable {
    /// What a request's `model` stands for.
    package enum Target: Sendable, Equatable {
        /// The choice is ours.
        case automatic
        case model(String, isAlias: Bool)
        case agent(Agent)
    }

    private struct Listing {
        var models: [ModelDescription]
        var readAt: ContinuousClock.Instant
    }

    /// A listing is read again after this, and for an unknown name after ``minimumAge`` already.
    private static let maximumAge = Duration.seconds(30)
    private static let minimumAge = Duration.seconds(2)
    private static let listingTimeout = Duration.seconds(5)

    private let provider: (any ModelProvider)?
    private let configured: Set<String>
    private let aliases: [String: String]
    private let agents: @Sendable () -> AgentCatalog
    private let listing = Mutex<Listing?>(nil)

    /// - Parameters:
    ///   - provider: nil where no model can be asked.
    ///   - configured: Models that settings name, which need no listing.
    ///   - aliases: ORCH_MODEL_ALIASES.
    package init(
        provider: (any ModelProvider)?, configured: Set<String>, aliases: [String: String],
        agents: @escaping @Sendable () -> AgentCatalog
    ) {
        self.provider = provider
        self.configured = configured
        self.aliases = aliases
        self.agents = agents
    }

    /// What the name stands for.
    ///
    /// - Throws: ``PipelineError`` with `model_not_found`, saying how to list and alias models.
    package func resolve(_ name: String?) async throws(PipelineError) -> Target {
        guard let name else { return .automatic }
        if let target = aliases[name] {
            if target == "auto" { return .automatic }
            if target.hasPrefix("agent/") { return try agent(target) }
            return .model(target, isAlias: true)
        }
        if name.hasPrefix("agent/") { return try agent(name) }
        if configured.contains(name) { return .model(name, isAlias: false) }
        // With no model to ask, the local answer says so; any name will do.
        guard provider != nil else { return .automatic }
        if await models(atMost: Self.maximumAge).contains(where: { $0.id == name }) {
            return .model(name, isAlias: false)
        }
        if await models(atMost: Self.minimumAge).contains(where: { $0.id == name }) {
            return .model(name, isAlias: false)
        }
        throw PipelineError(
            .modelNotFound,
            "no such model: GET /v1/models lists those there are; ORCH_MODEL_ALIASES=name=model gives one another name, "
                + "and \"auto\" leaves the choice to the server",
            parameter: "model")
    }

    /// The provider's models; empty where it does not say.
    package func models() async -> [ModelDescription] {
        await models(atMost: Self.maximumAge)
    }

    /// The agents, as models that clients can name.
    package func agentNames() -> [String] {
        agents().agents.map { "agent/\($0.name.text)" }
    }

    private func agent(_ name: String) throws(PipelineError) -> Target {
        guard let agent = agents()[String(name.dropFirst("agent/".count))] else {
            throw PipelineError(
                .modelNotFound, "no such agent: GET /v1/agents lists those there are", parameter: "model")
        }
        return .agent(agent)
    }

    private func models(atMost age: Duration) async -> [ModelDescription] {
        let now = ContinuousClock.now
        let known = listing.withLock { $0 }
        if let known, known.readAt.duration(to: now) < age { return known.models }
        guard let provider else { return [] }
        let models: [ModelDescription]
        do { models = try await provider.models(timeout: Self.listingTimeout) } catch {
            // A server that is down keeps the names it had.
            models = known?.models ?? []
        }
        listing.withLock { $0 = Listing(models: models, readAt: .now) }
        return models
    }
}
