import OrchAgents
import OrchClassification
import OrchCommandLine
import OrchConfiguration
import OrchCore
import OrchEmbeddings
import OrchKeyFiles
import OrchLocalModel
import OrchObservability
import OrchOrchestrator
import OrchPolicy
import OrchPolicyFiles
import OrchProviders
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchSandbox
import OrchStorageSQLite
import OrchTokens
import ServiceLifecycle

extension Program {
    /// How long a command waits for its own model to load.
    private static let loadingPatience = Duration.seconds(120)

    /// The parts that commands use without a server.
    func workbench() -> Workbench {
        let rules = router.current
        let directory = agents.current.value
        return Workbench(
            router: rules.value, routerPolicyHash: rules.policyHash, routerProblem: router.problem?.message,
            routing: routingBench(), agents: directory.catalog, agentProblems: directory.problems.map(\.message),
            tools: toolBench(),
            tokens: TokenBench(
                catalog: tokenizers.catalog, defaultModel: models.names.chat,
                budget: tokenizers.budget, relevance: tokenizers.relevance),
            sandbox: sandboxBench(),
            openTraces: traceOpener, audit: auditBench(),
            withChat: { body in try await self.withChat(body) },
            checkups: { await self.checkups() })
    }

    /// What the commands about tools, policy and reviews work with.
    private func toolBench() -> ToolBench {
        // Made when it is first needed: its pins need the model's file.
        let policies: @Sendable () -> Policies = { policyCache().current }
        return ToolBench(
            executor: tools.tools, pipeline: ToolPipeline(runner: tools, recorder: recorder, policies: policies),
            reviews: ReviewDesk(runner: tools, recorder: recorder, policies: policies),
            sweep: { _ = try await upkeep().sweep() },
            policyHash: toolPolicies.hash, policyPath: configuration.policy.path,
            isPolicyEnforced: toolPolicies.isEnforced,
            loadPolicy: { path in
                try ToolPolicyFile.load(path, isEnforced: toolPolicies.isEnforced, compiler: RE2Compiler()).value
            },
            problems: toolProblems.map(\.message), now: wallClock)
    }

    private var traceOpener: (@Sendable () throws -> any TraceReader)? {
        guard let receipts else { return nil }
        return { SQLiteTraceReader(database: try receipts.database()) }
    }

    private func withChat(_ body: @escaping @Sendable (ChatPipeline) async throws -> Void) async throws {
        await intents?.learn(progress: { _ in })
        guard let localServer = models.localServer else { return try await body(chat(policyCache())) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await localServer.run() }
            let deadline = ContinuousClock.now.advanced(by: Self.loadingPatience)
            while (try? localServer.address()) == nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            try await body(chat(policyCache()))
            tasks.cancelAll()
        }
    }

    private func checkups() async -> [Checkup] {
        var checkups = [
            Checkup("configuration", .ok, "valid, \(loaded.warnings.count) warnings"),
            Checkup("instance folder", .ok, configuration.storage.instanceDirectory),
        ]
        checkups += loaded.warnings.map { Checkup($0.name, .warning, $0.message) }
        checkups.append(receiptCheckup())
        checkups.append(
            router.problem.map {
                Checkup("router policy", .failed, $0.message, remedy: "mend the file of ORCH_ROUTER_POLICY_PATH")
            } ?? Checkup("router policy", .ok, "\(router.current.value.policy.rules.count) rules"))
        checkups.append(policyCheckup())
        checkups.append(await sandboxCheckup())
        checkups += toolProblems.map {
            Checkup("tools", .failed, $0.message, remedy: "mend the manifest in ORCH_TOOL_DIR")
        }
        let directory = agents.current.value
        checkups += directory.problems.map {
            Checkup("agents", .failed, $0.message, remedy: "mend the file in ORCH_AGENT_DIR")
        }
        checkups.append(Checkup("agents", .ok, "\(directory.catalog.count) in force"))
        checkups.append(tokenizerCheckup())
        checkups.append(await embedderCheckup())
        if let intents { checkups.append(await intentCheckup(intents)) }
        checkups.append(await modelCheckup())
        return checkups
    }

    private func tokenizerCheckup() -> Checkup {
        if let problem = tokenizers.preload().first {
            return Checkup(
                "tokenizer", .failed, problem, remedy: "mend the file in ORCH_TOKENIZER_DIR, or take it away")
        }
        if let missing = tokenizers.missingTable {
            return Checkup("tokenizer", .warning, missing, remedy: "start in the folder that config is in")
        }
        let counter = tokenizers.catalog.counter(for: models.names.chat)
        guard counter.isFallback else { return Checkup("tokenizer", .ok, "\(counter.name) for \(models.names.chat)") }
        let name = tokenizers.catalog.vocabularyName(for: models.names.chat)
        return Checkup(
            "tokenizer", .warning,
            "the vocabulary \(name) of \(models.names.chat) is not installed: bytes are counted, which is more",
            remedy: ["o200k_base", "cl100k_base"].contains(name)
                ? "run ./scripts/assets install" : "put \(name).json or \(name).gguf into ORCH_TOKENIZER_DIR")
    }

    private func embedderCheckup() async -> Checkup {
        guard let name = embedders.name, let service = embedders.service else {
            return Checkup(
                "embedder", .warning,
                "not installed: there are no built-in embeddings, and turns are ranked by recency",
                remedy: "run ./scripts/assets install")
        }
        do {
            let embedder = try await service.loaded()
            return Checkup("embedder", .ok, "\(name), \(embedder.dimensions) dimensions")
        } catch {
            let message = (error as? any CodedError)?.message ?? String(describing: error)
            return Checkup("embedder", .failed, "\(name): \(message)", remedy: "run ./scripts/assets install")
        }
    }

    private func intentCheckup(_ intents: IntentRouting) async -> Checkup {
        if let problem = intents.file.problem {
            return Checkup("intents", .warning, problem.message, remedy: "mend the file of ORCH_INTENTS_PATH")
        }
        await intents.learn(progress: { _ in })
        if let problem = intents.learningProblem {
            return Checkup("intents", .failed, problem, remedy: "check ORCH_SEMANTIC_ROUTER_EMBED_MODEL and its server")
        }
        guard let classifier = intents.current.classifier else {
            return Checkup(
                "intents", .warning, "nothing can be learned: there is no embedder", remedy: Embedders.remedy)
        }
        return Checkup("intents", .ok, "\(classifier.labels.count) learned, tools among them")
    }

    private func policyCheckup() -> Checkup {
        if let problem = toolPolicies.file.problem {
            return Checkup(
                "tool policy", toolPolicies.isEnforced ? .failed : .warning, problem.message,
                remedy: "mend the file of ORCH_TOOL_POLICY_PATH; orch policy check says what is wrong")
        }
        let rules = toolPolicies.file.current.value?.policy.rules.count ?? 0
        guard toolPolicies.isEnforced else {
            return Checkup(
                "tool policy", .ok, "\(rules) rules, recorded and not enforced",
                remedy: "set ORCH_TOOL_POLICY_ENFORCE=1")
        }
        return Checkup("tool policy", .ok, "\(rules) rules, enforced")
    }

    private func sandboxCheckup() async -> Checkup {
        guard configuration.sandbox.isEnabled else {
            return Checkup("sandbox", .warning, "off", remedy: "set ORCH_TOOL_SANDBOX_ENABLED=1")
        }
        do throws(SandboxError) {
            try await sandbox.prepare()
            return Checkup("sandbox", .ok, "\(sandbox.backendName ?? "?"); orch sandbox check tries to break it")
        } catch {
            return Checkup("sandbox", .warning, error.message, remedy: "run orch sandbox check")
        }
    }

    private func receiptCheckup() -> Checkup {
        guard let receipts else { return Checkup("receipts", .warning, "off", remedy: "set ORCH_TRACE_ENABLED=1") }
        do {
            let status = try receipts.keyring().status()
            guard let key = status.keys.last?.key else {
                return Checkup("receipts", .ok, "the log begins with the first")
            }
            guard status.isInOrder else {
                return Checkup(
                    "receipts", .failed, "the key of \(key.name) is not in its file", remedy: "run orch audit key")
            }
            return Checkup("receipts", .ok, "SQLite, WAL, synchronous=FULL, signed by \(key.shortName)")
        } catch {
            let message = (error as? any CodedError)?.message ?? String(describing: error)
            return Checkup("receipts", .failed, message, remedy: "run orch audit fsck")
        }
    }

    private func modelCheckup() async -> Checkup {
        switch models.access {
        case .none(.disabled):
            return Checkup("model", .warning, "model calls are off", remedy: "set ORCH_LLM_ENABLED=1")
        case .none(.notInstalled):
            return Checkup("model", .failed, "no managed model is installed", remedy: "run ./scripts/assets install")
        case .available where models.localServer != nil:
            return Checkup("model", .ok, "the managed model is installed")
        case .available(let gateway):
            do throws(ProviderError) {
                try await gateway.provider.checkHealth(timeout: configuration.models.healthTimeout)
                return Checkup("model", .ok, "\(gateway.provider.name) answers")
            } catch {
                return Checkup(
                    "model", .failed, error.message, remedy: "start the model server, or check its URL in the settings")
            }
        }
    }
}
