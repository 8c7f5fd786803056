package import ArgumentParser

/// The program's command line: `orch`.
package struct OrchCommand: AsyncParsableCommand {
    package init() {}

    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "orch",
            abstract: "A governed, receipted, OpenAI-compatible server for language models, and its tools.",
            discussion: """
                Settings come from the command line (--set NAME=VALUE), the environment, .env and the defaults, in that \
                order. `orch config show` prints what holds; `orch doctor` says what is wrong and how to mend it.

                Exit status:
                \(ExitStatus.listing)
                """,
            version: CommandEnvironment.current?.version ?? "",
            subcommands: [
                ServeCommand.self, ChatCommand.self, RouteCommand.self, ToolsCommand.self, PolicyCommand.self,
                HitlCommand.self, AgentsCommand.self, TokensCommand.self, SandboxCommand.self, TraceCommand.self,
                ReplayCommand.self,
                AuditCommand.self, MaintainCommand.self, ConfigCommand.self, DoctorCommand.self, AssetsCommand.self,
                ScrubCommand.self,
                SecretsCommand.self, BoundaryCommand.self,
            ]
        )
    }
}
