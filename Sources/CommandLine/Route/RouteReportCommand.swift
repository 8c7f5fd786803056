import ArgumentParser
import OrchOrchestrator
import OrchRouting
import SystemPackage

/// `orch route report`
struct RouteReportCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Run the golden cases of routing, and write what came of them.",
        discussion: """
            Every case is decided by the rules and intents of the settings and by a tool policy of the cases' own, as \
            the intent router would; for the cases of shadow pairs the plain router decides too. Nothing is run and \
            nothing is recorded. The embedder must be installed.

            Writes \(RouteReportCommand.markdown) and \(RouteReportCommand.data): cases, failed ones with what was \
            expected and found, tiers, outcomes, shadow mismatches, the share that a human decides, calibration of \
            confidence, and the hashes of all that decided. The same inputs give the same bytes. The exit status is 1 \
            where a case fails.

            Examples:
              orch route report
              orch route report --output reports --json
              orch route report --golden my_cases.yaml --policy my_policy.yaml
            """)

    static let markdown = "routing-report.md"
    static let data = "routing-report.json"

    @Option(help: ArgumentHelp("The golden cases.", valueName: "file"), completion: .file())
    var golden = "config/golden_intents.yaml"

    @Option(help: ArgumentHelp("The tool policy that they are decided by.", valueName: "file"), completion: .file())
    var policy = "config/golden_policy.yaml"

    @Option(
        name: .customLong("output"), help: ArgumentHelp("The folder for the reports.", valueName: "folder"),
        completion: .directory)
    var folder = "."

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let cases = try workbench.routing.cases(of: golden)
        if let problem = workbench.routerProblem { throw CommandFailure(.malformedData, problem) }
        // Says what is wrong with the policy before anything is learned.
        _ = try workbench.routing.ambiguity(of: policy)
        let opened = try await workbench.routing.openedWithMeaning(.tiers(policy: policy), in: session)
        guard let hashes = opened.hashes else { throw CommandFailure(.unavailable, "nothing was learned") }
        var results: [GoldenResult] = []
        var progress = ProgressLine("of \(cases.count) cases", on: session.err)
        for golden in cases {
            results.append(try await GoldenResult.run(golden, opened.router, workbench))
            try progress.advance(to: results.count)
        }
        try progress.finish()
        let tiers = opened.router.tiers
        let report = GoldenReport(
            version: session.environment.version,
            hashes: .init(policy: tiers.policyHash, routerPolicy: workbench.routerPolicyHash, meaning: hashes),
            thresholds: tiers.ambiguity.thresholds, results: results)
        let files = [
            try await write(report.markdown, to: Self.markdown), try await write(report.json + "\n", to: Self.data),
        ]
        try session.print(
            json: output.json, report.json, orText: report.text(session.out.palette, files: files))
        if !report.failed.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    /// - Returns: The file's path.
    private func write(_ text: String, to name: String) async throws -> String {
        let path = FilePath(folder).appending(name)
        do {
            try await AtomicFile.write(
                to: path, permissions: [.ownerReadWrite, .groupRead, .otherRead]
            ) { descriptor in
                try AtomicFile.attempt { _ = try descriptor.writeAll(text.utf8) }
            }
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.status, "\(name): \(failure.message); --output names a folder that is there")
        }
        return path.string
    }
}
