import ArgumentParser
import OrchAgents

/// `orch agents`
struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "List the agents, and show one.",
        subcommands: [AgentsListCommand.self, AgentsShowCommand.self])
}

/// `orch agents list`
struct AgentsListCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the agents; what is wrong with broken files goes to standard error.",
        discussion: """
            Examples:
              orch agents list
              orch agents list --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        for problem in workbench.agentProblems { try session.warn(problem) }
        let report = AgentListReport(agents: workbench.agents.agents)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

/// `orch agents show`
struct AgentsShowCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one agent with its prompt; names match in any case.",
        discussion: """
            Examples:
              orch agents show holly
              orch agents show holly --json
            """)

    @Argument(help: "The agent's name.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        for problem in workbench.agentProblems { try session.warn(problem) }
        guard let agent = workbench.agents[name] else {
            let names = workbench.agents.agents.map(\.name.text).joined(separator: ", ")
            throw CommandFailure(.notFound, "no such agent; there \(names.isEmpty ? "are none" : "are: \(names)")")
        }
        let report = AgentReport(agent: agent)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}
