import ArgumentParser
import OrchAgents
import OrchConfiguration
import OrchOrchestrator
import OrchRouting

/// `orch route explain`
struct RouteExplainCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say step by step what routing makes of a text. Nothing is run and nothing is recorded.",
        discussion: """
            The rules are always told. Where the semantic router or the intent router is on, the expressions of the \
            policy, the text's meaning, what it is held against, the guard's verdict and what would happen are told \
            too; in shadow mode both decisions. The cache is not asked: tier 1 is never seen here.

            --json has the intent router's decision as answers show it, intent_decision; it is null where neither \
            router is on.

            Put -- in front of a text that begins with a dash.

            Examples:
              orch route explain 'calculate 2 + 2'
              orch route explain --json 'what is 10 % 3?'
              orch route explain --agent Holly 'wake me at seven' --set ORCH_INTENT_ROUTER_ENABLED=1
              orch route explain -- '-5 + 3'
              cat letter.txt | orch route explain -
            """)

    @Argument(help: "The text; - reads it from standard input.")
    var text: String

    @Option(help: ArgumentHelp("The agent that is asked: a tool that it has not does not run.", valueName: "name"))
    var agent: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (loaded, workbench) = try configuration.workbench(in: session)
        let asked = try agent.map(workbench.agent)
        let text = try await TextArgument.text(text, in: session)
        if let problem = workbench.routerProblem { try session.warn(problem) }
        let routing = loaded.configuration.routing
        var report = RouteReport(
            mode: routing.mode, policy: workbench.router.policy,
            policyHash: workbench.routerPolicyHash, policyProblem: workbench.routerProblem,
            explanation: workbench.router.explain(text))
        if routing.semantic.isEnabled || routing.intents.isEnabled || routing.intents.isShadow {
            let opened = try await workbench.routing.opened(.server, in: session)
            if let problem = opened.problem { try session.warn(problem) }
            report.decision = RouteDecisionReport(
                mode: opened.router.mode, problem: opened.problem, gate: GateTrial(opened.router, text),
                routed: await opened.router.route(text, agent: asked), policyHash: opened.router.tiers.policyHash,
                hashes: opened.hashes)
        }
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

extension Workbench {
    /// The agent of a name.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    func agent(_ name: String) throws(CommandFailure) -> Agent {
        guard let agent = agents[name] else {
            throw CommandFailure(.notFound, "there is no such agent: orch agents list names those there are")
        }
        return agent
    }
}
