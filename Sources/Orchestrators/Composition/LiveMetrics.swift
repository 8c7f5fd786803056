import CoreMetrics
import OrchApprovals
import OrchCore
import OrchHTTPTransport
import OrchObservability
import OrchOrchestrator
import OrchPolicyFiles
import OrchProviders
import OrchSandbox
import OrchStorageSQLite
import OrchTokens

/// Turns what happens into metrics.
struct LiveMetrics: Sendable {
    private struct Pair: Hashable {
        let first: String
        let second: String
    }

    /// The handles of one model of one provider.
    private struct ModelHandles {
        let duration: Timer
        let firstToken: Timer
        let input: CoreMetrics.Recorder
        let output: CoreMetrics.Recorder
    }

    private let redact: Redact
    private let commitSeconds: Timer
    private let batchSize: CoreMetrics.Recorder
    private let receipts: Counter
    private let logSize: Meter
    private let restarts: Counter
    private let connections: HandleCache<String, Counter>
    private let attempts: HandleCache<Pair, Counter>
    private let reloads: HandleCache<Pair, Counter>
    private let refusedLogins: Counter
    private let limited: Counter
    private let routes: HandleCache<String, Counter>
    private let intents: HandleCache<Pair, Counter>
    private let shadows: Counter
    private let shadowMismatches: Counter
    private let intentCache: HandleCache<String, Counter>
    private let meanings: HandleCache<String, Counter>
    private let meaningSeconds: Timer
    private let tiers: HandleCache<String, Counter>
    private let utilization: CoreMetrics.Recorder
    private let pruned: HandleCache<Pair, Counter>
    private let summarySeconds: Timer
    private let promptDelta: CoreMetrics.Recorder
    private let tools: HandleCache<Pair, Counter>
    private let sandboxStarts: HandleCache<String, Counter>
    private let sandboxEnds: HandleCache<String, Counter>
    private let sandboxSeconds: Timer
    private let sandboxKills: Counter
    private let sandboxRefusals: Counter
    private let guarded: HandleCache<String, Counter>
    private let policies: HandleCache<String, Counter>
    private let approvals: HandleCache<String, Counter>
    private let reviews: HandleCache<String, Counter>
    private let webhooks: HandleCache<String, Counter>
    private let queueDepth: Meter
    private let oldestAge: Meter
    private let models: HandleCache<Pair, ModelHandles>
    private let circuits: HandleCache<Pair, Meter>

    /// - Parameter redact: What names of others go through before they label a series.
    init(registry: PrometheusRegistry, redact: @escaping Redact) {
        self.redact = redact
        commitSeconds = Timer(label: "orch_receipt_commit_seconds", dimensions: [], factory: registry)
        batchSize = CoreMetrics.Recorder(
            label: "orch_receipt_batch_size", dimensions: [], aggregate: true, factory: registry)
        receipts = Counter(label: "orch_receipts_total", dimensions: [], factory: registry)
        logSize = Meter(label: "orch_receipt_log_size", dimensions: [], factory: registry)
        restarts = Counter(label: "orch_llm_restarts_total", dimensions: [], factory: registry)
        refusedLogins = Counter(label: "orch_auth_failures_total", dimensions: [("reason", "token")], factory: registry)
        limited = Counter(label: "orch_rate_limited_total", dimensions: [("scope", "caller")], factory: registry)
        connections = Self.counters("orch_egress_total", "outcome", registry)
        attempts = Self.counters("orch_llm_attempts_total", "provider", "outcome", registry)
        reloads = Self.counters("orch_policy_reload_total", "file", "outcome", registry)
        routes = Self.counters("orch_route_decisions_total", "reason", registry)
        intents = Self.counters("orch_intent_decisions_total", "tier", "outcome", registry)
        shadows = Counter(label: "orch_router_shadow_total", dimensions: [], factory: registry)
        shadowMismatches = Counter(label: "orch_router_shadow_mismatch", dimensions: [], factory: registry)
        intentCache = Self.counters("orch_intent_cache_total", "outcome", registry)
        meanings = Self.counters("orch_semantic_router_total", "outcome", registry)
        meaningSeconds = Timer(label: "orch_semantic_router_seconds", dimensions: [], factory: registry)
        tiers = Self.counters("orch_tier_transition_total", "tier", registry)
        utilization = CoreMetrics.Recorder(
            label: "orch_token_utilization_ratio", dimensions: [], aggregate: true, factory: registry)
        pruned = Self.counters("orch_pruning_events_total", "summary_added", "summary_forced", registry)
        summarySeconds = Timer(label: "orch_summary_generation_latency_seconds", dimensions: [], factory: registry)
        promptDelta = CoreMetrics.Recorder(
            label: "orch_semantic_truncation_delta_tokens", dimensions: [], aggregate: true, factory: registry)
        tools = Self.counters("orch_tool_executions_total", "tool", "status", registry)
        sandboxStarts = Self.counters("orch_sandbox_starts_total", "backend", registry)
        sandboxEnds = Self.counters("orch_sandbox_ends_total", "end", registry)
        sandboxSeconds = Timer(label: "orch_sandbox_run_seconds", dimensions: [], factory: registry)
        sandboxKills = Counter(label: "orch_sandbox_kills_total", dimensions: [], factory: registry)
        sandboxRefusals = Counter(label: "orch_sandbox_refused_total", dimensions: [], factory: registry)
        guarded = Self.counters("orch_output_guard_total", "outcome", registry)
        policies = Self.counters("orch_policy_decisions_total", "outcome", registry)
        approvals = Self.counters("orch_tool_approvals_total", "outcome", registry)
        reviews = Self.counters("orch_hitl_reviews_total", "outcome", registry)
        webhooks = Self.counters("orch_webhook_deliveries_total", "outcome", registry)
        queueDepth = Meter(label: "orch_hitl_queue_depth", dimensions: [], factory: registry)
        oldestAge = Meter(label: "orch_hitl_oldest_age_seconds", dimensions: [], factory: registry)
        circuits = HandleCache { pair in
            Meter(
                label: "orch_llm_circuit_state", dimensions: [("provider", pair.first), ("model", pair.second)],
                factory: registry)
        }
        models = HandleCache { Self.modelHandles(provider: $0.first, model: $0.second, registry) }
    }

    func committed(_ record: SQLiteReceiptLog.CommitRecord) {
        commitSeconds.recordNanoseconds(record.duration.wholeNanoseconds)
        batchSize.record(record.entries)
        guard record.succeeded else { return }
        receipts.increment(by: record.entries)
        logSize.set(record.treeSize)
    }

    func modelRestarted() { restarts.increment() }
    func refusedLogin() { refusedLogins.increment() }
    func refusedByRate() { limited.increment() }
    func connected(_ outcome: EgressOutcome) { connections[outcome.rawValue].increment() }

    func attempted(_ attempt: AttemptRecord) {
        attempts[Pair(first: attempt.provider, second: attempt.outcome)].increment()
    }

    /// Shows the breakers as they are now: 0 closed, 1 half open, 2 open.
    func circuits(_ states: [CircuitBreakers.Key: CircuitBreaker.State]) {
        for (key, state) in states {
            let value =
                switch state {
                case .closed: 0
                case .halfOpen: 1
                case .open: 2
                }
            circuits[model(key.provider, key.model)].set(value)
        }
    }

    func reloaded(_ file: String, _ event: WatchEvent) {
        let outcome =
            switch event {
            case .reloaded: "reloaded"
            case .refused: "refused"
            }
        reloads[Pair(first: file, second: outcome)].increment()
    }

    /// Intents were learned, or not.
    func learnedIntents(_ isDone: Bool) {
        reloads[Pair(first: "intents", second: isDone ? "learned" : "failed")].increment()
    }

    func happened(_ event: Sandbox.Event) {
        switch event {
        case .ended(let backend, let end, let duration):
            sandboxStarts[backend].increment()
            sandboxEnds[end.word].increment()
            sandboxSeconds.recordNanoseconds(duration.wholeNanoseconds)
            if end.isKill { sandboxKills.increment() }
        case .refused:
            sandboxRefusals.increment()
        }
    }

    func happened(_ event: PipelineEvent) {
        switch event {
        case .routed(let reason):
            routes[reason].increment()
        case .decidedIntent(let tier, let outcome):
            intents[Pair(first: "\(tier)", second: outcome)].increment()
        case .shadowed(let isMismatch):
            shadows.increment()
            if isMismatch { shadowMismatches.increment() }
        case .lookedUpIntent(let outcome):
            intentCache[outcome].increment()
        case .readMeaning(let outcome, let time):
            meanings[outcome].increment()
            meaningSeconds.recordNanoseconds(time.wholeNanoseconds)
        case .selected(let tier):
            tiers[tier.rawValue].increment()
        case .budgetUsed(let part):
            utilization.record(part)
        case .pruned(let summary):
            pruned[Pair(first: "\(summary != nil)", second: "\(summary?.isForced ?? false)")].increment()
            if let summary { summarySeconds.recordNanoseconds(summary.duration.wholeNanoseconds) }
        case .promptKept:
            break
        case .promptCut(let delta):
            promptDelta.record(delta)
        case .ranTool(let name, let status):
            tools[Pair(first: name, second: status)].increment()
        case .guarded(let outcome):
            guarded[outcome].increment()
        case .decidedPolicy(let outcome):
            policies[outcome.rawValue].increment()
        case .approval(let outcome):
            approvals[outcome].increment()
        case .review(let outcome):
            reviews[outcome].increment()
        case .announced(let outcome):
            webhooks[outcome.rawValue].increment()
        case .reviewsWait(let depth, let moment):
            queueDepth.set(depth.pending)
            oldestAge.set(depth.oldest.map { max(0, moment.seconds - $0.seconds) } ?? 0)
        case .called(let facts, let usage):
            let handles = models[model(facts.provider, facts.model)]
            handles.duration.recordNanoseconds(facts.latency.wholeNanoseconds)
            guard let usage else { return }
            handles.input.record(usage.promptTokens)
            handles.output.record(usage.completionTokens)
        case .firstToken(let wait, let facts):
            models[model(facts.provider, facts.model)].firstToken
                .recordNanoseconds(wait.wholeNanoseconds)
        }
    }

    // MARK: Handles

    /// A model's name may be a caller's text.
    private func model(_ provider: String, _ model: String) -> Pair { Pair(first: provider, second: redact(model)) }

    private static func counters(
        _ label: String, _ dimension: String, _ registry: PrometheusRegistry
    ) -> HandleCache<String, Counter> {
        HandleCache { Counter(label: label, dimensions: [(dimension, $0)], factory: registry) }
    }

    private static func counters(
        _ label: String, _ first: String, _ second: String, _ registry: PrometheusRegistry
    ) -> HandleCache<Pair, Counter> {
        HandleCache { pair in
            Counter(label: label, dimensions: [(first, pair.first), (second, pair.second)], factory: registry)
        }
    }

    private static func modelHandles(
        provider: String, model: String, _ registry: PrometheusRegistry
    ) -> ModelHandles {
        let dimensions = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", provider), ("gen_ai.request.model", model),
        ]
        func tokens(_ type: String) -> CoreMetrics.Recorder {
            CoreMetrics.Recorder(
                label: "gen_ai.client.token.usage", dimensions: dimensions + [("gen_ai.token.type", type)],
                aggregate: true, factory: registry)
        }
        return ModelHandles(
            duration: Timer(label: "gen_ai.client.operation.duration", dimensions: dimensions, factory: registry),
            firstToken: Timer(label: "gen_ai.server.time_to_first_token", dimensions: dimensions, factory: registry),
            input: tokens("input"), output: tokens("output"))
    }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
