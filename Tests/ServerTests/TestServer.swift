import Logging
import NIOCore
import NIOPosix
import OrchAgents
import OrchCore
import OrchOrchestrator
import OrchProviders
import OrchReceipts
import OrchRouting
import OrchTestSupport
import OrchTokens
import OrchTools
import ServiceLifecycle
import Synchronization

@testable import OrchServer

/// A server in this process, on a port of its own.
struct TestServer: Sendable {
    /// What differs from test to test.
    struct Options: Sendable {
        /// nil: no model can be asked.
        var provider: (any ModelProvider)? = ScriptedModel()
        var maximumBodyBytes = 100_000
        var maximumConnections = 500
        var isAPIEnabled = true
        var isBearerRequired = true
        var rules: [RateLimiter.Rule]?
        var limits = ConnectionGuard.Limits()
        var receipts: MemoryReceipts? = MemoryReceipts()
        /// What the audit routes and the trust panel read; nil where receipts are off.
        var log: MemoryLog? = MemoryLog()
        /// The policy in force.
        var policy = TraceVerdict.Policy(hash: "policy-1", path: "config/rules.yaml", isEnforced: true)
        var isAuditPublic = false
        /// nil where the trust panel is off.
        var trust: TrustPanel.Settings?
        var readiness = Readiness.ready
        var hasMetrics = true
        var callTimeout = RawConnection.patience
        /// Besides the built-in ones.
        var tools: [Tool] = []
        var toolPolicy = ToolPolicyCheck.always(ToolPolicyDecision(allowed: true, reason: "policy_disabled"))
        var approvals = ApprovalDesk.nobody
        /// The embedders of the process, by their names.
        var builtIn: [String: BuiltInEmbedder] = [:]
        /// Bytes, and what stands around messages; 0 is no limit.
        var tokenBudget = 0
    }

    static let token = "the-bearer-token"
    static let operatorToken = "the-operator-token"
    static let otherToken = "another-bearer-token"
    static let otherOperatorToken = "another-operator-token"

    let port: Int
    let receipts: MemoryReceipts?
    let failures: LoginFailures
    private let records: Records
    private let lifecycle: ServiceGroup

    /// What was told of requests.
    var observed: [RequestRecord] { records.all }

    /// Begins a graceful shutdown.
    func stop() async { await lifecycle.triggerGracefulShutdown() }

    /// Runs a server while the body runs, then stops it gracefully.
    static func run(
        _ options: Options = Options(), _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let records = Records()
        let failures = LoginFailures()
        let server = try make(options, failures, records)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let service = server.service(
            host: "127.0.0.1", port: 0, maximumConnections: options.maximumConnections, group: group, logger: quiet
        ) { port.yield($0) }
        let lifecycle = ServiceGroup(configuration: .init(services: [service], logger: quiet))
        let result: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await lifecycle.run() }
                tasks.addTask {
                    for await port in ports {
                        let running = TestServer(
                            port: port, receipts: options.receipts, failures: failures, records: records,
                            lifecycle: lifecycle)
                        do { try await body(running) } catch {
                            await lifecycle.triggerGracefulShutdown()
                            throw error
                        }
                        break
                    }
                    await lifecycle.triggerGracefulShutdown()
                }
                try await tasks.waitForAll()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        try result.get()
    }

    private static var quiet: Logger {
        Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    }

    // MARK: The parts

    static func make(_ options: Options, _ failures: LoginFailures, _ records: Records) throws -> HTTPServer {
        var server = HTTPServer(
            endpoints: try endpoints(options),
            access: AccessRules(
                hosts: HostPolicy([
                    HostPolicy.Entry(host: "localhost"), HostPolicy.Entry(host: "127.0.0.1"),
                    HostPolicy.Entry(host: "app.example", port: 3000),
                ]),
                isAPIEnabled: options.isAPIEnabled, isBearerRequired: options.isBearerRequired,
                tokens: BearerTokens(
                    bearers: [("tester", Redacted(token)), ("other", Redacted(otherToken))],
                    operators: [("boss", Redacted(operatorToken)), ("chief", Redacted(otherOperatorToken))],
                    bearersAreOperators: false),
                limiter: options.rules.map { RateLimiter(rules: $0) }, failures: failures),
            limits: ServerLimits(maximumBodyBytes: options.maximumBodyBytes), now: { .distantPast },
            observer: { _ in { record in records.add(record) } })
        server.connectionLimits = options.limits
        return server
    }

    static func endpoints(_ options: Options) throws -> Endpoints {
        let holly = Agent(
            name: try AgentName("Holly"), description: "helpful", systemPrompt: "You are Holly.", tools: ["safe_calc"],
            metadata: ["version": "1"])
        let agents = try AgentCatalog([holly])
        let recorder = Recorder(log: options.receipts, now: { .distantPast })
        let tools = ToolRunner(
            tools: ToolExecutor(
                registry: try ToolRegistry([.echo, .safeCalc] + options.tools, patterns: NoPatterns())),
            approvals: options.approvals, recorder: recorder, observe: { _ in })
        let directory = ModelDirectory(
            provider: options.provider, configured: ["test-model"], aliases: [:], agents: { agents })
        let models: ChatPipeline.Models =
            if let provider = options.provider {
                .available(
                    ModelGateway(
                        provider: provider,
                        policy: ModelGateway.Policy(backoff: .milliseconds(1), timeout: options.callTimeout),
                        breakers: CircuitBreakers(maximumFailures: 1000, resetAfter: .seconds(30))))
            } else {
                .none(.disabled)
            }
        let policies = Policies(
            router: RuleRouter(), agents: agents, tools: options.toolPolicy, pins: [:])
        let chat = ChatPipeline(
            settings: ChatPipeline.Settings(mode: .basic, maximumOutputCharacters: 0, asksOtherMachines: false),
            policies: { policies }, models: models,
            directory: directory,
            selector: ModelSelector(
                ModelSelector.Thresholds(
                    chatModel: "test-model", reasonerModel: "test-model", toolModel: "test-model", chatTier1: 1 << 40,
                    reasonerTier1: 1 << 41, tier3: 1 << 42)),
            catalog: .bytes(ByteFallbackCounter(margin: 1)), budget: TokenBudget(maximumTokens: options.tokenBudget),
            tools: tools, recorder: recorder, now: { .distantPast },
            observe: { _ in })
        let metrics: @Sendable () -> [UInt8] = { Array("# TYPE up gauge\nup 1\n".utf8) }
        return Endpoints(
            chat: chat,
            embeddings: EmbeddingPipeline(
                gateway: options.provider.map {
                    ModelGateway(
                        provider: $0,
                        policy: ModelGateway.Policy(backoff: .zero, timeout: options.callTimeout),
                        breakers: CircuitBreakers(maximumFailures: 1000, resetAfter: .seconds(1)))
                }, model: "test-embedder", builtIn: options.builtIn,
                asksOtherMachines: false, recorder: recorder, pins: { [:] }),
            tools: ToolPipeline(runner: tools, recorder: recorder, policies: { policies }),
            reviews: ReviewDesk(runner: tools, recorder: recorder, policies: { policies }),
            audit: options.log.map { AuditDesk(log: $0, policy: { options.policy }) },
            isAuditPublic: options.isAuditPublic, trust: trust(options),
            directory: directory, agents: { agents }, readiness: { options.readiness },
            metrics: options.hasMetrics ? metrics : nil, startedAt: .distantPast, version: "0.0.0")
    }
}

extension TestServer {
    private static func trust(_ options: Options) -> TrustPanel? {
        guard let log = options.log, let settings = options.trust else { return nil }
        return TrustPanel(steps: log, log: log, settings: settings, redact: { $0 })
    }
}

/// What was told of requests, in order.
final class Records: Sendable {
    private let list = Mutex<[RequestRecord]>([])
    var all: [RequestRecord] { list.withLock { $0 } }
    func add(_ record: RequestRecord) { list.withLock { $0.append(record) } }
}

extension Timestamp {
    static let distantPast = Timestamp(microseconds: 1_700_000_000_000_000)
}

/// No schema of the built-in tools has a pattern.
private struct NoPatterns: PatternCompiler {
    func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> any Pattern {
        throw PatternError(message: "no patterns here")
    }
}

/// A receipt log in memory, which can be made to fail.
final class MemoryReceipts: ReceiptLog {
    private struct State {
        var entries: [ReceiptEntry] = []
        var failsAfter: Int?
    }

    private let state: Mutex<State>

    /// - Parameter failsAfter: How many writes succeed; nil is all.
    init(failsAfter: Int? = nil) {
        state = Mutex(State(failsAfter: failsAfter))
    }

    var entries: [ReceiptEntry] { state.withLock { $0.entries } }
    var isHealthy: Bool { state.withLock { $0.failsAfter == nil } }

    /// The statuses of finished traces, in the order of their ends.
    var statuses: [String] {
        entries.filter { $0.phase != .opening }.compactMap { entry in
            try? JSONValue(parsing: entry.metadata).objectValue?["status"]?.stringValue
        }
    }

    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        let index: Int? = state.withLock { state in
            guard state.failsAfter.map({ state.entries.count < $0 }) ?? true else { return nil }
            state.entries.append(entry)
            return state.entries.count { $0.leaf != nil } - 1
        }
        guard let index else { throw ReceiptError(.unavailable, "the disk is full") }
        return entry.leaf.map { Receipt(traceID: entry.id, leafIndex: index, leafHash: $0.hash, checkpoint: "") }
    }
}
