import ArgumentParser

/// `orch assets`
struct AssetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assets",
        abstract: "See which vocabularies, model servers and models are installed, and check them.",
        discussion: "They are installed by ./scripts/assets install.",
        subcommands: [AssetsListCommand.self, AssetsCheckCommand.self])
}

/// `orch assets list`
struct AssetsListCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the assets: where each is, how large, under which licence. Contents are not read.",
        discussion: """
            Examples:
              orch assets list
              orch assets list --json
              orch assets list --dir /srv/orchestrators
            """)

    @Argument(help: "The assets; all of them when none is named.")
    var names: [String] = []

    @OptionGroup var assets: AssetsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let place = try assets.place(configuration, in: session)
        let files = try assets.readManifest().rows(named: names).map { place.look(at: $0) }
        let report = AssetReport(files: files, place: place)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

/// `orch assets check`
struct AssetsCheckCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the assets by their SHA-256; exit status 1 when one is missing or damaged.",
        discussion: """
            Assets for other kinds of machine do not count.

            Examples:
              orch assets check
              orch assets check smollm2-135m
            """)

    @Argument(help: "The assets; all of them when none is named.")
    var names: [String] = []

    @OptionGroup var assets: AssetsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let place = try assets.place(configuration, in: session)
        var files: [AssetFile] = []
        for row in try assets.readManifest().rows(named: names) {
            if session.err.isTerminal { try session.err.write("\r\u{1B}[Kchecking \(Visible.line(row.name))") }
            files.append(place.check(row))
        }
        if session.err.isTerminal { try session.err.write("\r\u{1B}[K") }
        let report = AssetReport(files: files, place: place)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if let remedy = report.remedy {
            try session.err.write("\(Visible.line(remedy))\n")
            throw ExitCode(ExitStatus.failure.rawValue)
        }
    }
}
