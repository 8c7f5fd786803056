import ArgumentParser
import OrchAgents
import OrchOrchestrator
import Synchronization

/// `orch chat`
struct ChatCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk to the orchestrator, without a server: the same rules, tools, models and receipts.",
        discussion: """
            With a question, answers it and ends; - reads it from standard input. Without one, answers line by line \
            until `quit` or the end of the input; these lines are not asked but done:

            \(ChatLine.summary)

            Examples:
              orch chat
              orch chat 'calculate 2 + 2'
              orch chat --agent holly 'who are you?'
              orch chat --json 'echo hello'
            """)

    @Argument(help: "The question; - reads it from standard input.")
    var question: String?

    @Option(help: ArgumentHelp("Talk to this agent.", valueName: "name"))
    var agent: String?

    @Flag(help: "Print each whole answer as the server would send it, in JSON.")
    var json = false

    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        if let agent, workbench.agents[agent] == nil {
            throw CommandFailure(.notFound, "no such agent: `orch agents list` lists those there are")
        }
        var text = question
        if let question { text = try await TextArgument.text(question, in: session) }
        let isAnswered = Mutex(false)
        let (agent, json, question) = (agent, json, text)
        // A managed model takes its time to load.
        let showsProgress = session.err.isTerminal
        if showsProgress { try session.err.write("getting ready …") }
        try await workbench.withChat { pipeline in
            if showsProgress { try session.err.write("\r\u{1B}[K") }
            var chat = ChatSession(
                pipeline: pipeline, agent: agent, printsJSON: json, openTraces: workbench.openTraces,
                terminal: session.terminal)
            let isGood = if let question { try await chat.ask(question) } else { try await chat.converse() }
            isAnswered.withLock { $0 = isGood }
        }
        guard isAnswered.withLock({ $0 }) else { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}
