import ArgumentParser
import OrchCore
import OrchPrivacy
import SystemPackage

/// `orch secrets scan`
struct SecretsScanCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Say where secrets stand in a folder's files, and in its git history.",
        discussion: """
            In a git repository the tracked files are looked at, and new ones that are not ignored; elsewhere all files. \
            With --history also every file and message that any branch or tag ever held, each once. Binary files are \
            counted and passed over. Personal data is not looked for.

            Secrets are never printed: each has a fingerprint, the same everywhere. \(SecretBaseline.fileName) in the \
            folder, or the file of --baseline, lists those that somebody has looked at; they do not count. \
            --write-baseline writes that file from what is found now.

            Exits with 0 where nothing new is found, and with 1 where something is, or a file cannot be read.

            Examples:
              orch secrets scan
              orch secrets scan --history ../shop
              orch secrets scan --write-baseline
              orch secrets scan --json | jq -r '.findings[].path'
            """)

    @Argument(help: "The folder; the current one if none is named.", completion: .directory)
    var folder = "."

    @Flag(help: "Look at everything that git's history holds, too.")
    var history = false

    @Option(
        help: ArgumentHelp("The file of findings that are let stand.", valueName: "path"), completion: .file())
    var baseline: String?

    @Flag(help: "Let stand everything that is found now.")
    var writeBaseline = false

    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws {
        let tree = try await session.environment.sourceTree(folder)
        let file = baseline.map { FilePath($0) } ?? FilePath(tree.path).appending(SecretBaseline.fileName)
        let search = SecretSearch(tree: tree, scrubber: try scrubber(in: session))
        var report = SecretReport(tree: tree.path, baseline: try read(file))
        report.files = try await look("files", in: session) { progress in
            // The baseline's fingerprints have the form of keys.
            let paths = try await tree.files(.present).filter { FilePath(tree.path).appending($0) != file }
            return try await search.files(paths, progress)
        }
        if history {
            report.isShallow = try await tree.isShallow()
            if report.isShallow {
                try session.warn("the history was cut when it was fetched: what was before is not looked at")
            }
            report.history = try await look("objects of the history", in: session) { progress in
                try await search.history(beside: report.files, progress)
            }
        }
        if writeBaseline {
            try await write(SecretBaseline(report.all), to: file)
            try session.print(
                json: output.json, report.json,
                orText: "\(Measure.count(SecretBaseline(report.all).entries.count, "finding")) written to \(file)\n")
            return
        }
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        for path in report.files.unreadable { try session.warn("\(path) could not be read: nothing is known of it") }
        if !report.new.isEmpty || !report.files.unreadable.isEmpty { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func look(
        _ noun: String, in session: Session,
        _ body: (_ progress: (Int) throws -> Void) async throws -> SecretFindings
    ) async throws -> SecretFindings {
        var line = ProgressLine(noun, on: session.err)
        let findings = try await body { try line.advance(to: $0) }
        try line.finish()
        return findings
    }

    private func scrubber(in session: Session) throws -> Scrubber {
        do throws(ScanEngineError) { return try .forSecrets(session.environment.scanEngine()) } catch {
            throw CommandFailure(.unavailable, error.message)
        }
    }

    /// - Returns: An empty one where there is no file, unless one was named.
    private func read(_ file: FilePath) throws -> SecretBaseline {
        do {
            return try SecretBaseline(
                parsing: BoundedFile.contents(of: file, maximumBytes: SecretBaseline.maximumBytes))
        } catch let error as Errno {
            if error == .noSuchFileOrDirectory, baseline == nil || writeBaseline { return SecretBaseline([]) }
            throw CommandFailure(.notFound, "the baseline cannot be read: it is not there, or not for you")
        }
    }

    private func write(_ baseline: SecretBaseline, to file: FilePath) async throws {
        try await AtomicFile.write(to: file, permissions: [.ownerReadWrite, .groupRead, .otherRead]) { descriptor in
            try descriptor.writeAll(baseline.text.utf8)
        }
    }
}
