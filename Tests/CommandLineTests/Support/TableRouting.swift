import OrchCore
import OrchOrchestrator
import OrchRouting
import Synchronization

@testable import OrchCommandLine

/// Routing whose meaning of texts is a table: no embedder is needed, and everything around it is real.
struct TableRouting: Sendable {
    static let hashes = Meaning.Hashes(intents: "intents-1", embedder: "embedder-1", learned: "learned-1")

    var intents: [Intent] = [
        Intent(
            id: "alarm", description: "Sets an alarm.", tool: "echo", params: ["message_key": "message"],
            examples: ["wake me"]),
        Intent(id: "joke", description: "Tells a joke.", examples: ["tell me a joke"], minimumConfidence: 0.6),
    ]
    /// What texts mean; any other text belongs to no intent.
    var findings: [String: SemanticFinding] = [
        "wake me at seven": .found("alarm", 0.99, 0.97, 0.95, "joke", 0.02),
        "wake me or amuse me": .found("alarm", 0.95, 0.5, 0.02, "joke", 0.48),
        "amuse me a bit": .found("joke", 0.9, 0.58, 0.3, "alarm", 0.31),
        "do something": .found("alarm", 0.1, 0.05, 0.2, "joke", 0.4),
        "…": .none(.emptyText),
        "slow": .none(.embedderSlow),
    ]
    var mode = RequestRouter.Mode.plain
    var gate = GatePatterns()
    var overrides: [String: IntentOverride] = [:]
    var problem: String?
    var cases: [GoldenCase] = []
    /// What is thrown where a file is opened.
    var fault: TableFault?
    /// How many texts were under way at once, at most.
    var load = Load()

    /// Receives how many texts are looked at at one time.
    final class Load: Sendable {
        private let state = Mutex((now: 0, most: 0))
        var most: Int { state.withLock { $0.most } }
        func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { state.withLock { $0.now -= 1 } }
    }

    /// - Parameter rehearse: Decides on a chat request without answering it.
    func bench(
        _ rules: RuleRouter, rehearse: @escaping @Sendable ([UInt8], String?) async throws -> ChatRehearsal
    ) -> RoutingBench {
        let table = self
        return RoutingBench(
            open: { subject, progress in
                if let fault = table.fault { throw fault }
                progress(RoutingBench.Progress(phase: "vectors", done: 1, total: 2))
                progress(RoutingBench.Progress(phase: "heads", done: 1, total: 0))
                return try table.opened(subject, rules)
            },
            goldenCases: { _ in
                if let fault = table.fault { throw fault }
                return table.cases
            },
            ambiguity: { _ in
                if let fault = table.fault { throw fault }
                return (table.ambiguity, "other-policy")
            },
            catalog: { try IntentCatalog(table.intents) },
            rehearse: rehearse)
    }

    private var ambiguity: AmbiguityGuard {
        AmbiguityGuard(
            RoutingThresholds(minimumSimilarity: 0.8, minimumConfidence: 0.85, minimumGap: 0.05), overrides: overrides)
    }

    func opened(_ subject: RoutingBench.Subject, _ rules: RuleRouter) throws -> RoutingBench.Opened {
        let intents = try IntentCatalog(intents)
        let (mode, rules, gate): (RequestRouter.Mode, RuleRouter, GatePatterns) =
            switch subject {
            case .server: (mode, rules, gate)
            case .tiers: (.shadow, rules, gate)
            case .meaning: (.tiers, RuleRouter(), GatePatterns())
            }
        let (findings, load) = (findings, load)
        let meaning = Meaning(hashes: Self.hashes, leavesMachine: false) { text in
            load.enter()
            // Later ones are done earlier, as far as the window lets them.
            for _ in 0..<(text.utf8.count % 7) { await Task.yield() }
            load.leave()
            return Meaning.Reading(findings[text] ?? .found("joke", 0.01, 0.005, 0.1, "alarm", 0.4))
        }
        return RoutingBench.Opened(
            router: RequestRouter(
                mode: mode,
                tiers: TierRouter(
                    rules: rules, gate: gate, intents: intents, ambiguity: ambiguity, policyHash: "policy-1"),
                plainAsksMeaning: true, meaning: meaning, memory: nil, now: { Fixture.moment }),
            hashes: problem == nil ? Self.hashes : nil, problem: problem)
    }
}

/// What a file's fault looks like from here.
struct TableFault: CodedError {
    var codeName: String
    var message = "policy.yaml:3:1: unknown key"
}

extension SemanticFinding {
    static func found(
        _ intent: String, _ similarity: Double, _ confidence: Double, _ gap: Double, _ runnerUp: String,
        _ runnerUpProbability: Double
    ) -> SemanticFinding {
        .candidate(
            SemanticCandidate(
                intentID: intent, similarity: similarity, confidence: confidence, gap: gap, runnerUp: runnerUp,
                runnerUpProbability: runnerUpProbability))
    }
}
