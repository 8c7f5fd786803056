import OrchAgents
import OrchCore
import OrchPrivacy
import OrchProviders
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools
import Synchronization
import Testing

@testable import OrchOrchestrator

/// A chat pipeline with everything around it in reach.
struct Bench {
    struct Options {
        var mode = ChatPipeline.Mode.advanced
        var noModel: NoModelReason?
        var isReceipted = true
        var failing: Set<ReceiptEntry.Phase> = []
        var asksOtherMachines = false
        var maximumOutputCharacters = 0
        var outputGuard: OutputGuard.Action?
        var script = FakeModel.Script()
        var aliases: [String: String] = [:]
        var approvals = ApprovalDesk.nobody
        var catalog = TokenizerCatalog.bytes(ByteFallbackCounter(margin: 1))
        var budget = TokenBudget(maximumTokens: 0)
        /// Beside the two that are always there.
        var agents: [Agent] = []
        /// nil: the rules alone.
        var routing: RequestRouter?
        var showsDecisions = false
        var policy = Bench.policy
    }

    let timeline = Timeline()
    let log: MemoryReceiptLog
    let model: FakeModel
    let events = Events()
    let pipeline: ChatPipeline
    let tools: ToolRunner
    let recorder: Recorder

    static let moment = Timestamp(microseconds: 1_700_000_000_000_000)
    static let caller = Caller(name: "tester", isOperator: false)
    static let pins: Pins = ["policy_hash": "pinned"]

    init(_ change: (inout Options) -> Void = { _ in }) throws {
        var options = Options()
        change(&options)
        log = MemoryReceiptLog(timeline: timeline, failing: options.failing)
        model = FakeModel(options.script, timeline: timeline)
        recorder = Recorder(log: options.isReceipted ? log : nil, now: { Self.moment })
        let events = events
        tools = ToolRunner(
            tools: try Self.makeTools(timeline), approvals: options.approvals, recorder: recorder,
            observe: { events.add($0) })
        let routing = try options.routing ?? RequestRouter(rules: Self.makeRouter())
        let agents = try Self.makeAgents(options.agents)
        let gateway = ModelGateway(
            provider: model, policy: ModelGateway.Policy(backoff: .zero, timeout: .seconds(30)),
            breakers: CircuitBreakers(maximumFailures: 100, resetAfter: .seconds(1)))
        pipeline = ChatPipeline(
            settings: ChatPipeline.Settings(
                mode: options.mode, maximumOutputCharacters: options.maximumOutputCharacters,
                asksOtherMachines: options.asksOtherMachines,
                outputGuard: try options.outputGuard.map { OutputGuard($0, scrubber: try Self.scrubber()) },
                showsDecisions: options.showsDecisions),
            policies: { [policy = options.policy] in
                Policies(routing: routing, agents: agents, tools: policy, pins: Self.pins)
            },
            models: options.noModel.map { .none($0) } ?? .available(gateway),
            directory: ModelDirectory(
                provider: options.noModel == nil ? model : nil, configured: ["chat", "reasoner", "tool-model"],
                aliases: options.aliases, agents: { agents }),
            selector: ModelSelector(
                ModelSelector.Thresholds(
                    chatModel: "chat", reasonerModel: "reasoner", toolModel: "tool-model", chatTier1: 100,
                    reasonerTier1: 200,
                    tier3: 300)),
            catalog: options.catalog, budget: options.budget, tools: tools, recorder: recorder,
            now: { Self.moment },
            observe: { events.add($0) })
    }

    /// The same without any tool.
    func withoutTools() throws -> ToolRunner {
        ToolRunner(
            tools: ToolExecutor(registry: try ToolRegistry([], patterns: RE2Compiler())),
            approvals: tools.approvals, recorder: recorder, observe: { _ in })
    }

    /// As the program makes it for models' answers.
    static func scrubber() throws -> Scrubber {
        try Scrubber(engine: PortableScanEngine(), options: Scrubber.Options(exempt: ["url"]))
    }

    private static func makeTools(_ timeline: Timeline) throws -> ToolExecutor {
        let broken = Tool(name: "broken", description: "", parameters: ["type": "object"], safe: true) { arguments in
            timeline.add("ran broken")
            struct Fault: Error { let text: String }
            throw Fault(text: "\(arguments)")
        }
        let forbidden = Tool(name: "forbidden", description: "", parameters: ["type": "object"], safe: true) { _ in
            timeline.add("ran forbidden")
            return ToolOutput("")
        }
        let registry = try ToolRegistry(
            [.echo, .safeCalc, broken, forbidden, Self.unsafeTool(timeline)], patterns: RE2Compiler())
        return ToolExecutor(registry: registry)
    }

    static let policy = ToolPolicyCheck(admit: { tool, _, _ in (decision(tool), nil) }, outlook: { decision($0) })
    /// What decides on tools.
    static let policies = Policies(router: RuleRouter(), agents: AgentCatalog(), tools: policy, pins: pins)

    private static func unsafeTool(_ timeline: Timeline) -> Tool {
        Tool(
            name: "unsafe", description: "", parameters: ["type": "object", "properties": ["x": ["type": "string"]]],
            safe: false
        ) { arguments in
            timeline.add("ran unsafe")
            while arguments["x"] == "wait", !timeline.events.contains("go on") {
                try await Task.sleep(for: .milliseconds(1))
            }
            if arguments["x"] == "fail" { throw ToolFailure.failed(code: nil, message: "it failed") }
            return ToolOutput("did \(arguments["x"]?.stringValue ?? "")")
        }
    }

    private static func decision(_ tool: Tool) -> ToolPolicyDecision {
        tool.name == "forbidden"
            ? ToolPolicyDecision(allowed: false, reason: "not_today", rule: "r9")
            : ToolPolicyDecision(allowed: true, reason: "fine", rule: "r1")
    }

    static func makeRouter() throws -> RuleRouter {
        let rules = [
            Rule(
                id: "calc", patterns: [#"^calc\b"#], tool: "safe_calc", params: ["expression_key": "expression"],
                confidence: 0.92, reason: "math"),
            Rule(
                id: "echo", patterns: [#"^echo\b"#], tool: "echo", params: ["message_key": "message"], confidence: 0.9,
                reason: "echo_keyword"),
            Rule(id: "broken", patterns: ["^break"], tool: "broken", reason: "b"),
            Rule(id: "forbidden", patterns: ["^forbid"], tool: "forbidden", reason: "f"),
            Rule(id: "unsafe", patterns: ["^unsafe"], tool: "unsafe", params: [:], reason: "u"),
            Rule(id: "missing", patterns: ["^missing"], tool: "no_such_tool", reason: "m"),
        ]
        return try RuleRouter(
            policy: RulePolicy(rules: rules, analysis: AnalysisPatterns(patterns: [#"\banalyse\b"#])),
            compiler: RE2Compiler())
    }

    private static func makeAgents(_ more: [Agent]) throws -> AgentCatalog {
        try AgentCatalog(
            [
                Agent(name: try AgentName("Helper"), systemPrompt: "You are \"helpful\".", tools: ["echo"]),
                Agent(name: try AgentName("Silent"), systemPrompt: "Say little."),
            ] + more)
    }

    // MARK: Asking

    /// A request with one user message.
    static func body(_ text: String, _ more: String = "") -> String {
        #"{"messages":[{"role":"user","content":\#(Chunks.quoted(text))}]\#(more.isEmpty ? "" : ",\(more)")}"#
    }

    func answer(_ body: String, agent: String? = nil, showsDecision: Bool = false) async throws -> ChatAnswer {
        try await pipeline.answer(
            Array(body.utf8), agentName: agent, caller: Self.caller, showsDecision: showsDecision)
    }

    /// The document of a whole answer.
    func whole(_ body: String, agent: String? = nil, showsDecision: Bool = false) async throws -> JSONNode {
        guard case .whole(let bytes, _) = try await answer(body, agent: agent, showsDecision: showsDecision) else {
            throw Unexpected.stream
        }
        timeline.add("answered")
        return try JSONDocument(parsing: bytes).root
    }

    /// The frames of a stream, and what they say.
    func stream(_ body: String, agent: String? = nil) async throws -> StreamRecord {
        guard case .stream(let stream) = try await answer(body, agent: agent) else { throw Unexpected.whole }
        timeline.add("head")
        let sink = Sink(timeline)
        try await stream.send { bytes in try sink.take(bytes) }
        return try StreamRecord(sink.bytes)
    }

    /// What a request fails with.
    func failure(_ body: String, agent: String? = nil) async -> (any Error)? {
        do {
            _ = try await answer(body, agent: agent)
            return nil
        } catch { return error }
    }

    enum Unexpected: Error { case stream, whole }

    final class Events: Sendable {
        private let list = Mutex<[PipelineEvent]>([])
        var all: [PipelineEvent] { list.withLock { $0 } }
        func add(_ event: PipelineEvent) { list.withLock { $0.append(event) } }
    }
}

/// Takes a stream's bytes, and goes away after so many frames.
final class Sink: Sendable {
    struct Gone: Error {}

    private let timeline: Timeline
    private let limit: Int
    private let state = Mutex<(bytes: [UInt8], frames: Int)>(([], 0))

    init(_ timeline: Timeline, limit: Int = .max) {
        self.timeline = timeline
        self.limit = limit
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }

    func take(_ bytes: [UInt8]) throws {
        let isGone = state.withLock { state in
            guard state.frames < limit else { return true }
            state.frames += 1
            state.bytes += bytes
            return false
        }
        guard !isGone else { throw Gone() }
        timeline.add(bytes == Array("data: [DONE]\n\n".utf8) ? "sent done" : "sent")
    }
}

/// A stream as a client reads it: strictly in the form that OpenAI's has.
struct StreamRecord {
    var chunks: [JSONDocument] = []
    var isDone = false

    init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.isEmpty || text.hasSuffix("\n\n"))
        for frame in text.components(separatedBy: "\n\n") where !frame.isEmpty {
            try #require(frame.hasPrefix("data: ") && !frame.contains("\n") && !frame.contains("\r"), "\(frame)")
            try #require(!isDone, "nothing follows the end")
            let data = frame.dropFirst(6)
            if data == "[DONE]" { isDone = true } else { chunks.append(try JSONDocument(parsing: Array(data.utf8))) }
        }
    }

    func text(of index: Int = 0) -> String {
        choices.filter { ($0["index"]?.int ?? 0) == index }.compactMap { $0["delta"]?["content"]?.string }.joined()
    }

    var choices: [JSONNode] { chunks.flatMap { chunk in chunk.root["choices"].map { Array($0.elements) } ?? [] } }
    var finishReasons: [String] { choices.compactMap { $0["finish_reason"]?.string } }
    var last: JSONNode? { chunks.last?.root }
    var error: JSONNode? { last?["error"] }
}

extension String {
    /// The pieces between occurrences of a text.
    func components(separatedBy separator: String) -> [String] {
        var pieces: [String] = []
        var rest = Array(utf8)[...]
        let wanted = Array(separator.utf8)
        var piece: [UInt8] = []
        while !rest.isEmpty {
            if rest.starts(with: wanted) {
                pieces.append(String(decoding: piece, as: UTF8.self))
                piece = []
                rest = rest.dropFirst(wanted.count)
            } else {
                piece.append(rest.removeFirst())
            }
        }
        return pieces + [String(decoding: piece, as: UTF8.self)]
    }
}
