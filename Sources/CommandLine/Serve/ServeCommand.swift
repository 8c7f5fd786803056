import ArgumentParser

/// `orch serve`
struct ServeCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until it is told to stop.",
        discussion: """
            Stops in good order on SIGTERM and SIGINT (Ctrl-C). A configuration that is not in order is refused with \
            all its faults at once, and nothing is started.

            Examples:
              orch serve
              orch serve --port 9000
              orch serve --env-file production.env --set ORCH_LOG_LEVEL=DEBUG
            """)

    @Option(help: ArgumentHelp("Listen on this address or name (ORCH_HOST).", valueName: "host"))
    var host: String?

    @Option(help: ArgumentHelp("Listen on this port; 0 picks a free one (ORCH_PORT).", valueName: "port"))
    var port: Int?

    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        var dedicated: [String: String] = [:]
        dedicated["ORCH_HOST"] = host
        dedicated["ORCH_PORT"] = port.map(String.init)
        // The server's log has the warnings, in its own form.
        try await session.environment.serve(try configuration.quietly(in: session, dedicated: dedicated))
    }
}
