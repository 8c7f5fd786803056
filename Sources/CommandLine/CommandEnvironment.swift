package import OrchAgents
package import OrchBoundary
package import OrchConfiguration
package import OrchCore
package import OrchOrchestrator
package import OrchPrivacy
package import OrchReceipts
package import OrchRouting

/// What the commands need of the program behind them; the executable provides it.
package struct CommandEnvironment: Sendable {
    /// Runs the server until it is told to stop.
    package var serve: @Sendable (LoadedConfiguration) async throws -> Void
    /// Puts together the parts that commands use without a server.
    package var workbench: @Sendable (LoadedConfiguration) throws -> Workbench
    package var version: String
    /// Reads what a configuration is made from: options by the names of their settings, and the path of the .env file.
    package var inputs: @Sendable (_ options: [String: String], _ dotEnvPath: String) throws -> ConfigurationInputs
    /// The engine of scrubbers. All of them find the same, this one as fast as the system allows.
    package var scanEngine: @Sendable () -> any ScanEngine
    /// Opens a folder of sources.
    package var sourceTree: @Sendable (_ path: String) async throws(SourceTreeError) -> any SourceTree
    /// Reads the file of a boundary.
    package var boundaryPolicy: @Sendable (_ path: String) throws -> BoundaryPolicy

    package init(
        serve: @escaping @Sendable (LoadedConfiguration) async throws -> Void,
        workbench: @escaping @Sendable (LoadedConfiguration) throws -> Workbench, version: String,
        inputs: @escaping @Sendable (_ options: [String: String], _ dotEnvPath: String) throws -> ConfigurationInputs =
            SystemInputs.load(arguments:dotEnvPath:),
        scanEngine: @escaping @Sendable () -> any ScanEngine = { PortableScanEngine() },
        sourceTree: @escaping @Sendable (_ path: String) async throws(SourceTreeError) -> any SourceTree = {
            (_) async throws(SourceTreeError) in throw SourceTreeError(.failed, "sources cannot be read here")
        },
        boundaryPolicy: @escaping @Sendable (_ path: String) throws -> BoundaryPolicy = { _ in
            throw SourceTreeError(.failed, "policies cannot be read here")
        }
    ) {
        self.serve = serve
        self.workbench = workbench
        self.version = version
        self.inputs = inputs
        self.scanEngine = scanEngine
        self.sourceTree = sourceTree
        self.boundaryPolicy = boundaryPolicy
    }

    /// The environment of the command that runs. Set once, by the executable, around the whole command.
    @TaskLocal package static var current: CommandEnvironment?
}

/// The program's parts, as commands use them.
package struct Workbench: Sendable {
    /// Runs a body with something that it has only meanwhile.
    package typealias ChatScope =
        @Sendable (_ body: @escaping @Sendable (ChatPipeline) async throws -> Void) async throws -> Void

    /// The rules in force, with the hash of their file and what is wrong with it, if anything.
    package var router: RuleRouter
    package var routerPolicyHash: String
    package var routerProblem: String?
    package var routing: RoutingBench
    package var agents: AgentCatalog
    /// What is wrong with agent files: name, line, fault.
    package var agentProblems: [String]
    package var tools: ToolBench
    package var tokens: TokenBench
    package var sandbox: SandboxBench
    /// nil where receipts are off.
    package var openTraces: (@Sendable () throws -> any TraceReader)?
    /// nil where receipts are off.
    package var audit: AuditBench?
    /// Runs a body with a chat pipeline of its own, its managed model started and stopped around it.
    package var withChat: ChatScope
    /// Everything that `orch doctor` looks at, in order.
    package var checkups: @Sendable () async -> [Checkup]

    package init(
        router: RuleRouter, routerPolicyHash: String, routerProblem: String?, routing: RoutingBench,
        agents: AgentCatalog,
        agentProblems: [String], tools: ToolBench, tokens: TokenBench,
        sandbox: SandboxBench,
        openTraces: (@Sendable () throws -> any TraceReader)?,
        audit: AuditBench?, withChat: @escaping ChatScope,
        checkups: @escaping @Sendable () async -> [Checkup]
    ) {
        self.router = router
        self.routerPolicyHash = routerPolicyHash
        self.routerProblem = routerProblem
        self.routing = routing
        self.agents = agents
        self.agentProblems = agentProblems
        self.tools = tools
        self.tokens = tokens
        self.sandbox = sandbox
        self.openTraces = openTraces
        self.audit = audit
        self.withChat = withChat
        self.checkups = checkups
    }
}

/// One thing that `orch doctor` has looked at.
package struct Checkup: Sendable {
    package enum Verdict: String, Sendable { case ok, warning, failed }

    package var name: String
    package var verdict: Verdict
    package var detail: String
    /// How to mend it.
    package var remedy: String?

    package init(_ name: String, _ verdict: Verdict, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.verdict = verdict
        self.detail = detail
        self.remedy = remedy
    }
}
