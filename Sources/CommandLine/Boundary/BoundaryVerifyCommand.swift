import ArgumentParser
import OrchBoundary
import OrchCore
import SystemPackage

/// `orch boundary verify`
struct BoundaryVerifyCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that a repository's tracked files hold nothing private.",
        discussion: """
            No forbidden text (keys, home folders, names inside of a network: config/boundary.yaml lists them), no state \
            of a server, no databases, no models or vocabularies; .env.example is there and .env is not; .gitignore \
            covers what it must. Only what git tracks is looked at.

            Prints PUBLIC BOUNDARY SAFE with the number of checks, or each violation with its file and line, and then \
            exits with 1.

            Examples:
              orch boundary verify
              orch boundary verify --policy ours.yaml ../shop
            """)

    private static let policyPath = "config/boundary.yaml"
    /// Larger files are no sources that anybody reads.
    private static let maximumBytes = 64 << 20

    @Argument(help: "The repository; the current folder if none is named.", completion: .directory)
    var folder = "."

    @Option(
        help: ArgumentHelp("The policy; \(policyPath) of the repository if none is named.", valueName: "path"),
        completion: .file())
    var policy: String?

    @OptionGroup var output: OutputOptions

    private func rules(of tree: any SourceTree, in session: Session) throws -> BoundaryPolicy {
        do {
            return try session.environment.boundaryPolicy(policy ?? "\(tree.path)/\(Self.policyPath)")
        } catch let error as any CodedError {
            throw CommandFailure(error.codeName == "missing_file" ? .notFound : .malformedData, error.message)
        }
    }

    func run(in session: Session) async throws {
        let tree = try await session.environment.sourceTree(folder)
        guard tree.isRepository else { throw CommandFailure(.unavailable, "the folder is in no git repository") }
        let rules = try rules(of: tree, in: session)
        var check = BoundaryCheck(rules)
        let files = try await tree.files(.tracked)
        check.take(paths: files)
        var line = ProgressLine("files", on: session.err)
        var unreadable: [String] = []
        for (place, path) in files.enumerated() {
            do {
                check.take(
                    path,
                    try BoundedFile.contents(
                        of: FilePath(tree.path).appending(path), maximumBytes: Self.maximumBytes))
            } catch { unreadable.append(path) }
            try line.advance(to: place + 1)
        }
        try line.finish()
        check.take(ignored: try await tree.ignored(rules.ignored))
        let report = BoundaryReport(
            files: files.count, checks: check.checks, violations: check.violations.sorted(), unreadable: unreadable)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.isSafe { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}
