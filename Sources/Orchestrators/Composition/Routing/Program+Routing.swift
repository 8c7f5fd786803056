import OrchAgents
import OrchClassification
import OrchCommandLine
import OrchConfiguration
import OrchCore
import OrchObservability
import OrchOrchestrator
import OrchPolicy
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import OrchTools

extension Program {
    /// What the commands about routing work with.
    func routingBench() -> RoutingBench {
        RoutingBench(
            open: { subject, progress in try await self.openRouting(subject, progress) },
            goldenCases: { path in try GoldenCaseFile.load(path).value },
            ambiguity: { path in
                let policy = try self.toolPolicy(path)
                return (self.ambiguity(policy.value), policy.policyHash)
            },
            catalog: { try IntentFile.loadOrEmpty(self.configuration.routing.intentsPath).loaded.value },
            rehearse: { body, agent in
                await self.intents?.learn(progress: { _ in })
                let caller = Caller(name: "command_line", isOperator: true)
                return try await self.chat(self.policyCache()).rehearse(body, agentName: agent, caller: caller)
            })
    }

    private func openRouting(
        _ subject: RoutingBench.Subject, _ progress: @escaping @Sendable (RoutingBench.Progress) -> Void
    ) async throws -> RoutingBench.Opened {
        let told: @Sendable (TrainingProgress) -> Void = { step in
            progress(RoutingBench.Progress(phase: "\(step.phase)", done: step.done, total: step.total))
        }
        switch subject {
        case .server:
            guard configuration.routing.asksMeaning else { return opened(nil, toolPolicies.current.engine, mode: nil) }
            let learned = try await learn(intentsPath: configuration.routing.intentsPath, withTools: true, told)
            return opened(learned, toolPolicies.current.engine, mode: nil)
        case .tiers(let path):
            let policy = try toolPolicy(path)
            let learned = try await learn(intentsPath: configuration.routing.intentsPath, withTools: true, told)
            return opened(learned, policy.value, policyHash: policy.policyHash, mode: .shadow)
        case .meaning(let path):
            let learned = try await learn(intentsPath: path, withTools: false, told)
            let tiers = TierRouter(
                rules: RuleRouter(), intents: learned.catalog, ambiguity: ambiguity(nil))
            return RoutingBench.Opened(
                router: RequestRouter(
                    mode: .tiers, tiers: tiers, plainAsksMeaning: true, meaning: learned.meaning, memory: nil,
                    now: wallClock),
                hashes: learned.classifier == nil ? nil : learned.meaning.hashes, problem: learned.problem)
        }
    }

    /// - Parameter mode: nil: as the settings say.
    private func opened(
        _ learned: LearnedIntents?, _ engine: PolicyEngine?, policyHash: String? = nil, mode: RequestRouter.Mode?
    ) -> RoutingBench.Opened {
        let settings = configuration.routing
        let tiers = TierRouter(
            rules: router.current.value, gate: GatePatterns(engine),
            intents: learned?.catalog ?? IntentCatalog(), ambiguity: ambiguity(engine),
            policyHash: policyHash ?? toolPolicies.hash ?? "")
        return RoutingBench.Opened(
            router: RequestRouter(
                mode: mode ?? RequestRouter.Mode(settings), tiers: tiers,
                plainAsksMeaning: mode != nil || settings.semantic.isEnabled,
                meaning: learned?.meaning ?? .absent(.disabled), memory: nil, now: wallClock),
            hashes: learned?.classifier == nil ? nil : learned?.meaning.hashes, problem: learned?.problem)
    }

    private func learn(
        intentsPath: String, withTools: Bool, _ progress: @escaping @Sendable (TrainingProgress) -> Void
    ) async throws -> LearnedIntents {
        let loaded = withTools ? try IntentFile.loadOrEmpty(intentsPath).loaded : try IntentFile.load(intentsPath)
        let catalog = withTools ? loaded.value.adding(tools.tools.registry.tools) : loaded.value
        guard
            let embedder = RouterEmbedder.make(
                configuration, embedders, transport: transport, egress: egress, observe: { _ in })
        else { return .nothing(.embedderMissing, catalog, fileHash: loaded.policyHash) }
        // The settings' intents have the server's file, which is put into its place whole.
        let store = LearnedFile(path: instance.file(withTools ? "intents.model" : "intents-other.model"))
        let known = store.read()
        let learned = try await LearnedIntents.learn(
            catalog, fileHash: loaded.policyHash, embedder: embedder, previous: known,
            threads: Embedders.processors, progress: progress)
        if let classifier = learned.classifier, classifier.key != known?.key { _ = store.write(classifier) }
        return learned
    }

    private func toolPolicy(_ path: String) throws(PolicyFileError) -> Loaded<PolicyEngine?> {
        try ToolPolicyFile.load(path, isEnforced: toolPolicies.isEnforced, compiler: RE2Compiler())
    }

    private func ambiguity(_ engine: PolicyEngine?) -> AmbiguityGuard {
        AmbiguityGuard(
            RoutingThresholds(configuration.routing), overrides: IntentOverride.byIntent(engine?.policy.intents ?? []))
    }
}

extension LearnedIntents {
    /// Why nothing was learned, in words.
    fileprivate var problem: String? {
        guard classifier == nil else { return nil }
        return catalog.intents.isEmpty
            ? "there are no intents: ORCH_INTENTS_PATH names their file"
            : "the embedder is not installed: \(Embedders.remedy)"
    }
}
