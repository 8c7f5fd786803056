import ArgumentParser
import OrchPrivacy

/// `orch scrub`
struct ScrubCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub",
        abstract: "Take secrets and personal data out of a text, or list them.",
        discussion: """
            Writes the text with [REDACTED] in the place of each finding, and every other byte as it is. A text may be \
            of any size: it is read and written piece by piece. Names of people and places are not found.

            With --json every line of the input is an object {"text": "…"}, of at most \
            \(ScrubbedLines.maximumBytes) bytes; other members are passed over. Each gives one line: {"findings": \
            [{"id", "start", "end", "confidence"}], "text"}. start and end count Unicode scalars of the text that was \
            given, from 0, the end behind the last. The first line that is not so ends the command with exit status \
            65; the answers to those before it are written.

            --list writes a line for each finding, id, start, end and confidence with tabs between them, and exits \
            with 0 whether there are any or not.

            A finding is as sure as its confidence: 0.3 is a form that other things have too, such as a date; from 0.5 \
            on a check or words beside it confirm it. All are taken unless --minimum-confidence says otherwise, since \
            a person looks at the result, and sees a word too many that is gone better than a secret that stayed.

            Examples:
              orch scrub letter.txt
              journalctl -u shop | orch scrub --typed --minimum-confidence 0.5
              orch scrub --list letter.txt
              echo '{"text": "write to jo@example.org"}' | orch scrub --json
            """)

    @Argument(help: "The text's file; - or none reads standard input.", completion: .file())
    var file: String?

    @Flag(help: "Say what stood there: [REDACTED:email].")
    var typed = false

    @Option(
        help: ArgumentHelp("Leave findings with less confidence in the text, from 0 to 1.", valueName: "confidence"))
    var minimumConfidence = 0.0

    @Flag(help: "Write the findings, a line for each, in place of the text.")
    var list = false

    @Flag(help: "Read lines of JSON, and write one for each, for programs.")
    var json = false

    func validate() throws {
        guard !(list && json) else { throw ValidationError("say --list or --json, not both: --json has the findings") }
        guard (0...1).contains(minimumConfidence) else {
            throw ValidationError("--minimum-confidence wants a number from 0 to 1")
        }
    }

    func run(in session: Session) async throws {
        let scrubber = try scrubber(in: session)
        if json {
            try await write(ScrubbedLines(scrubber), ForeignWriter(session.out, makeVisible: Visible.json), in: session)
        } else if list {
            try await write(FindingLines(scrubber), ForeignWriter(session.out), in: session)
        } else {
            try await write(ScrubbedText(scrubber), ForeignWriter(session.out), in: session)
        }
    }

    private func scrubber(in session: Session) throws -> Scrubber {
        do throws(ScanEngineError) {
            return try Scrubber(
                engine: session.environment.scanEngine(),
                options: Scrubber.Options(
                    replacement: typed ? .typed : .plain, minimumConfidence: minimumConfidence))
        } catch {
            throw CommandFailure(.unavailable, error.message)
        }
    }

    /// Writes at each piece what is sure by then, also where the piece holds a fault.
    private func write(_ output: some ScrubOutput, _ writer: ForeignWriter, in session: Session) async throws {
        var (output, writer) = (output, writer)
        var bytes: [UInt8] = []
        try await ScrubInput.forEachPiece(of: file, in: session) { piece in
            bytes.removeAll(keepingCapacity: true)
            let result = Result { try output.push(piece, into: &bytes) }
            try writer.write(bytes)
            try result.get()
        }
        bytes.removeAll(keepingCapacity: true)
        let result = Result { try output.finish(into: &bytes) }
        try writer.write(bytes)
        try writer.finish()
        try result.get()
    }
}
