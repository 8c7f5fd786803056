import CoreMetrics
import OrchHTTPTransport
import OrchObservability
import OrchOrchestrator
import OrchPolicyFiles
import OrchProviders
import OrchStorageSQLite
import OrchTokens

/// Turns what happens into metrics.
struct LiveMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let commitSeconds: Timer
    private let batchSize: CoreMetrics.Recorder
    private let receipts: Counter
    private let restarts: Counter

    init(registry: PrometheusRegistry) {
        self.registry = registry
        commitSeconds = Timer(label: "orch_receipt_commit_seconds", dimensions: [], factory: registry)
        batchSize = CoreMetrics.Recorder(label: "orch_receipt_batch_size", dimensions: [], aggregate: true, factory: registry)
        receipts = Counter(label: "orch_receipts_total", dimensions: [], factory: registry)
        restarts = Counter(label: "orch_llm_restarts_total", dimensions: [], factory: registry)
    }

    func committed(_ record: SQLiteReceiptLog.CommitRecord) {
        commitSeconds.recordNanoseconds(record.duration.wholeNanoseconds)
        batchSize.record(record.entries)
        if record.succeeded { receipts.increment(by: record.entries) }
    }

    func modelRestarted() { restarts.increment() }

    func connected(_ outcome: EgressOutcome) { count("orch_egress_total", ["outcome": outcome.rawValue]) }

    func attempted(_ attempt: AttemptRecord) {
        count("orch_llm_attempts_total", ["provider": attempt.provider, "outcome": attempt.outcome])
    }

    func reloaded(_ file: String, _ event: WatchEvent) {
        let outcome =
            switch event {
            case .reloaded: "reloaded"
            case .refused: "refused"
            }
        count("orch_policy_reload_total", ["file": file, "outcome": outcome])
    }

    func refusedLogin() { count("orch_auth_failures_total", ["reason": "token"]) }
    func limited() { count("orch_rate_limited_total", ["scope": "caller"]) }

    func happened(_ event: PipelineEvent) {
        switch event {
        case .routed(let reason):
            count("orch_route_decisions_total", ["reason": reason])
        case .selected(let tier):
            count("orch_tier_transition_total", ["tier": tier.rawValue])
        case .ranTool(let name, let status):
            count("orch_tool_executions_total", ["tool": name, "status": status])
        case .called(let facts, let usage):
            called(facts, usage)
        case .firstToken(let wait, let facts):
            timer("gen_ai.server.time_to_first_token", Self.genAI(facts)).recordNanoseconds(wait.wholeNanoseconds)
        }
    }

    private func called(_ facts: CallFacts, _ usage: Usage?) {
        let dimensions = Self.genAI(facts)
        timer("gen_ai.client.operation.duration", dimensions).recordNanoseconds(facts.latency.wholeNanoseconds)
        guard let usage else { return }
        for (type, tokens) in [("input", usage.promptTokens), ("output", usage.completionTokens)] {
            CoreMetrics.Recorder(
                label: "gen_ai.client.token.usage", dimensions: dimensions + [("gen_ai.token.type", type)],
                aggregate: true, factory: registry
            ).record(tokens)
        }
    }

    private static func genAI(_ facts: CallFacts) -> [(String, String)] {
        [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", facts.provider),
            ("gen_ai.request.model", facts.model),
        ]
    }

    private func timer(_ label: String, _ dimensions: [(String, String)]) -> CoreMetrics.Timer {
        CoreMetrics.Timer(label: label, dimensions: dimensions, factory: registry)
    }

    private func count(_ label: String, _ dimensions: KeyValuePairs<String, String>) {
        Counter(label: label, dimensions: dimensions.map { ($0.key, $0.value) }, factory: registry).increment()
    }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
