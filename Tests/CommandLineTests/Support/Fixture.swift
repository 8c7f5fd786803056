import OrchAgents
import OrchConfiguration
import OrchCore
import OrchOrchestrator
import OrchPolicyFiles
import OrchProviders
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools
import Synchronization

@testable import OrchCommandLine

/// A program for commands to run against, without a server, a disk or a network.
struct Fixture {
    var variables = ["HOME": "/home/u", "ORCH_BEARER_TOKEN": "k3J9x-Qv7Lw2_Zr8Tb5Yn1Pd"]
    var dotEnv: String?
    var receipts: MemoryReceipts? = MemoryReceipts()
    /// The log of the receipts, and its traces in place of the others; nil where a test has nothing to audit.
    var log: MemoryLog?
    /// The policy in force.
    var policy = TraceVerdict.Policy(hash: MemoryLog.policy, path: "config/router.yaml", isEnforced: true)
    /// The key in the key's file, in place of the log's newest.
    var keyFile: KeyFile = .inOrder
    /// Receives what `audit fsck` asked for.
    var checks = Checks()
    var chunks: [String]?
    var mode = ChatPipeline.Mode.advanced
    var agentProblems: [String] = []
    var routerProblem: String?
    var checkups: [Checkup] = []
    var sandbox = SandboxBench(
        inspect: { [Checkup("bubblewrap", .ok, "0.8.0")] }, attempts: 0, battery: { _ in [] },
        run: { _, _ in throw CommandFailure(.unavailable, "there is no sandbox") })
    var approvals = ApprovalDesk.nobody
    var toolPolicyPath = "config/tool_policy.yaml"
    var isPolicyEnforced = false
    var toolProblems: [String] = []
    var tokens = TokenBench(
        catalog: .bytes(ByteFallbackCounter(margin: 1)), defaultModel: "small",
        budget: TokenBudget(maximumTokens: 0))
    var routing = TableRouting()
    /// Whether chats are routed by `routing`, and not by the rules alone.
    var chatsAskMeaning = false
    /// What decides on chats, as their receipts pin it.
    var pins: Pins = [:]
    /// Receives what `serve` was given.
    var served = Served()

    final class Served: Sendable {
        private let state = Mutex<[LoadedConfiguration]>([])
        var configurations: [LoadedConfiguration] { state.withLock { $0 } }
        func append(_ loaded: LoadedConfiguration) { state.withLock { $0.append(loaded) } }
    }

    enum KeyFile: Sendable {
        case inOrder
        case holds(VerifierKey?)
    }

    final class Checks: Sendable {
        private let state = Mutex<[AuditBench.CheckOptions]>([])
        var options: [AuditBench.CheckOptions] { state.withLock { $0 } }
        func append(_ options: AuditBench.CheckOptions) { state.withLock { $0.append(options) } }
    }

    static let secret = "sk-very-secret-value-0123456789"

    var environment: CommandEnvironment {
        let fixture = self
        return CommandEnvironment(
            serve: { fixture.served.append($0) },
            workbench: { _ in try fixture.workbench() },
            version: "1.2.3",
            inputs: { options, path in
                ConfigurationInputs(
                    arguments: options, environment: fixture.variables, dotEnv: path == ".env" ? fixture.dotEnv : nil)
            })
    }

    private func workbench() throws -> Workbench {
        let tools = try tools()
        let agents = try Self.agents()
        let router = try Self.router()
        let routed = chatsAskMeaning ? try routing.opened(.server, router).router : RequestRouter(rules: router)
        let policies = Policies(routing: routed, agents: agents, tools: Self.toolPolicy, pins: pins)
        return Workbench(
            router: router, routerPolicyHash: "abc123", routerProblem: routerProblem,
            routing: routing.bench(router) { body, agent in
                try await pipeline(policies, tools).rehearse(body, agentName: agent, caller: .commandLine)
            },
            agents: agents, agentProblems: agentProblems, tools: try bench(tools), tokens: tokens,
            sandbox: sandbox,
            openTraces: openTraces, audit: log.map(audit),
            withChat: { body in try await body(pipeline(policies, tools)) },
            checkups: { checkups })
    }

    private var openTraces: (@Sendable () throws -> any TraceReader)? {
        if let log { return { log } }
        return receipts.map { receipts in { @Sendable in receipts } }
    }

    private func audit(_ log: MemoryLog) -> AuditBench {
        let (policy, keyFile, checks) = (policy, keyFile, checks)
        return AuditBench(
            reader: { log }, policy: { policy },
            check: { options, progress in
                checks.append(options)
                return try log.check(key: options.key, since: options.since, progress: progress)
            },
            keeper: { log },
            keyStatus: {
                let keys = log.state.withLock(\.logKeys)
                return switch keyFile {
                case .inOrder: LogKeyStatus(keys: keys, file: keys.last?.key)
                case .holds(let key): LogKeyStatus(keys: keys, file: key)
                }
            },
            createKey: { log.createKey() })
    }

    /// Answers a chat request as a server would, with its receipt.
    func answer(_ body: [UInt8], agent: String? = nil) async throws {
        try await workbench().withChat { pipeline in
            _ = try await pipeline.answer(body, agentName: agent, caller: .commandLine)
        }
    }

    private func pipeline(_ policies: Policies, _ tools: ToolRunner) -> ChatPipeline {
        let provider = chunks.map(ChunkProvider.init)
        let gateway = provider.map { provider in
            ModelGateway(
                provider: provider, policy: ModelGateway.Policy(backoff: .zero, timeout: .seconds(5)),
                breakers: CircuitBreakers(maximumFailures: 3, resetAfter: .seconds(1)))
        }
        return ChatPipeline(
            settings: ChatPipeline.Settings(mode: mode, maximumOutputCharacters: 0, asksOtherMachines: false),
            policies: { policies },
            models: gateway.map { .available($0) } ?? .none(.disabled),
            directory: ModelDirectory(provider: provider, configured: [], aliases: [:], agents: { policies.agents }),
            selector: ModelSelector(
                ModelSelector.Thresholds(
                    chatModel: "small", reasonerModel: "large", toolModel: "small", chatTier1: 1000,
                    reasonerTier1: 2000, tier3: 3000)),
            catalog: tokens.catalog, budget: tokens.budget, tools: tools,
            recorder: recorder,
            now: { Timestamp(microseconds: 0) }, observe: { _ in })
    }

    static let moment = Timestamp(microseconds: 1_767_225_600_000_000)
    private var recorder: Recorder { Recorder(log: (log as (any ReceiptLog)?) ?? receipts, now: { Self.moment }) }

    private func tools() throws -> ToolRunner {
        let wipe = Tool(
            name: "wipe", description: "Has no text argument.", parameters: ["type": "object"], safe: false
        ) { _ in ToolOutput("wiped") }
        let registry = try ToolRegistry([.safeCalc, .echo, wipe], patterns: WordCompiler())
        return ToolRunner(
            tools: ToolExecutor(registry: registry), approvals: approvals, recorder: recorder, observe: { _ in })
    }

    private static let toolPolicy = ToolPolicyCheck(
        admit: { tool, _, _ in (decision(tool), nil) }, outlook: { decision($0) })

    private static func decision(_ tool: Tool) -> ToolPolicyDecision {
        tool.name == "echo"
            ? ToolPolicyDecision(allowed: true, reason: "allowed_by_rule", rule: "echo")
            : ToolPolicyDecision(allowed: true, reason: "policy_default_allow")
    }

    private func bench(_ tools: ToolRunner) throws -> ToolBench {
        let policies = Policies(router: RuleRouter(), agents: AgentCatalog(), tools: Self.toolPolicy, pins: [:])
        return ToolBench(
            executor: tools.tools,
            pipeline: ToolPipeline(runner: tools, recorder: recorder, policies: { policies }),
            reviews: ReviewDesk(runner: tools, recorder: recorder, policies: { policies }), sweep: {},
            policyHash: "feed", policyPath: toolPolicyPath, isPolicyEnforced: isPolicyEnforced,
            loadPolicy: { path in try ToolPolicyFile.load(path, isEnforced: false, compiler: RE2Compiler()).value },
            problems: toolProblems, now: { Self.moment })
    }

    private static func agents() throws -> AgentCatalog {
        try AgentCatalog([
            Agent(
                name: try AgentName("Holly"), description: "A guide.", systemPrompt: "You are Holly.\nBe brief.",
                tools: ["safe_calc"], metadata: ["version": 2]),
            Agent(name: try AgentName("bare"), systemPrompt: "You are bare."),
        ])
    }

    private static func router() throws -> RuleRouter {
        let policy = RulePolicy(
            version: "7", description: "test",
            rules: [
                Rule(id: "off", isEnabled: false, patterns: ["calculate"], tool: "echo", reason: "never"),
                Rule(
                    id: "sums", patterns: ["sum of", "calculate"], tool: "safe_calc",
                    params: ["expression_key": "expression"], confidence: 0.9, reason: "arithmetic"),
                Rule(
                    id: "echo", patterns: ["echo"], tool: "echo", params: ["message_key": "message"], reason: "echo"),
            ],
            analysis: AnalysisPatterns(patterns: ["analyse"]))
        return try RuleRouter(policy: policy, compiler: WordCompiler())
    }
}

/// Expressions that are nothing but the words at a text's start.
struct WordCompiler: PatternCompiler {
    private struct Word: Pattern {
        let source: String
        func matches(_ text: String) -> Bool { firstMatch(in: text) != nil }
        func firstMatch(in text: String) -> PatternMatch? {
            text.hasPrefix(source) ? PatternMatch(range: 0..<source.utf8.count) : nil
        }
    }

    func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> any Pattern { Word(source: source) }
}
