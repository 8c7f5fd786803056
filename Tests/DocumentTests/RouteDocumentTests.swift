import NIOHTTP1
import OrchAgents
import OrchCore
import OrchOrchestrator
import OrchRE2
import OrchReceipts
import OrchRouting
import OrchTokens
import OrchTools
import Testing

@testable import OrchServer

struct RouteDocumentTests {
    private let routes: [Route]

    init() throws {
        routes = try Endpoints.withoutAnythingBehind().routes
    }

    @Test func `the README's routes are the server's, with who may use them`() throws {
        let rows = try Checkout.document("README.md").rows(under: ["method", "path", "who"])
        let found = differences(
            rows.map { $0.prefix(3).joined(separator: " ") }, in: "README.md",
            routes.map { "\($0.method.rawValue) \(path($0)) \(who($0))" }, in: "the server")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    @Test func `docs/http-api.md has the server's routes, with who may use them and which are limited`() throws {
        let rows = try Checkout.document("docs/http-api.md").rows(under: ["method", "path", "who", "limited"])
        let found = differences(
            rows.map { $0.prefix(4).joined(separator: " ") }, in: "docs/http-api.md",
            routes.map {
                "\($0.method.rawValue) \(path($0)) \(who($0)) \($0.isLimited && $0.access != .open ? "yes" : "no")"
            },
            in: "the server")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    private func path(_ route: Route) -> String { route.template.replacing("…}", with: "}") }

    private func who(_ route: Route) -> String {
        switch route.access {
        case .open, .optionalBearer: "anybody"
        case .bearer: "bearer"
        case .operators: "operator"
        }
    }
}

extension Endpoints {
    /// The routes of a server that could not answer most of them.
    static func withoutAnythingBehind() throws -> Endpoints {
        let now: Now = { Timestamp(microseconds: 0) }
        let agents: @Sendable () -> AgentCatalog = { AgentCatalog() }
        let policies = Policies(
            router: RuleRouter(), agents: AgentCatalog(),
            tools: .always(ToolPolicyDecision(allowed: false, reason: "none")), pins: [:])
        let recorder = Recorder(log: nil, now: now)
        let tools = ToolRunner(
            tools: ToolExecutor(
                registry: try ToolRegistry([], patterns: RE2Compiler())),
            approvals: .nobody, recorder: recorder, observe: { _ in })
        let directory = ModelDirectory(provider: nil, configured: [], aliases: [:], agents: agents)
        let thresholds = ModelSelector.Thresholds(
            chatModel: "", reasonerModel: "", toolModel: "", chatTier1: 0, reasonerTier1: 0, tier3: 0)
        let chat = ChatPipeline(
            settings: ChatPipeline.Settings(mode: .basic, maximumOutputCharacters: 0, asksOtherMachines: false),
            policies: { policies },
            models: ChatPipeline.Models.none(.disabled), directory: directory, selector: ModelSelector(thresholds),
            catalog: .bytes(ByteFallbackCounter(margin: 1)), budget: TokenBudget(maximumTokens: 0), tools: tools,
            recorder: recorder, now: now, observe: { _ in })
        let embeddings = EmbeddingPipeline(
            gateway: nil, model: "", asksOtherMachines: false, recorder: recorder, pins: { [:] })
        return Endpoints(
            chat: chat, embeddings: embeddings,
            tools: ToolPipeline(runner: tools, recorder: recorder, policies: { policies }),
            reviews: ReviewDesk(runner: tools, recorder: recorder, policies: { policies }),
            audit: nil, isAuditPublic: false, trust: nil,
            directory: directory, agents: agents, readiness: { .ready }, metrics: nil, startedAt: now(), version: "0")
    }
}
