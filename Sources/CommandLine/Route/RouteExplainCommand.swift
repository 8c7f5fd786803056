import ArgumentParser
import OrchConfiguration
import OrchRouting

/// `orch route explain`
struct RouteExplainCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say step by step what the rules make of a text. Nothing is run and nothing is recorded.",
        discussion: """
            Put -- in front of a text that begins with a dash.

            Examples:
              orch route explain 'calculate 2 + 2'
              orch route explain --json 'what is 10 % 3?'
              orch route explain -- '-5 + 3'
              cat letter.txt | orch route explain -
            """)

    @Argument(help: "The text; - reads it from standard input.")
    var text: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (loaded, workbench) = try configuration.workbench(in: session)
        let text = try await TextArgument.text(text, in: session)
        if let problem = workbench.routerProblem { try session.warn(problem) }
        let report = RouteReport(
            mode: loaded.configuration.routing.mode, policy: workbench.router.policy,
            policyHash: workbench.routerPolicyHash, policyProblem: workbench.routerProblem,
            explanation: workbench.router.explain(text))
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}
