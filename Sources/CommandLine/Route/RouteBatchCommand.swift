import ArgumentParser
import OrchCore
import OrchRouting

/// `orch route batch`
struct RouteBatchCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Say of many texts which intent their meaning speaks for. Nothing is run and nothing is recorded.",
        discussion: """
            Every line of the input is an object {"text": "…"}, of at most \(InputLines.maximumBytes) bytes; other \
            members are passed over, and so are empty lines. Each gives one line, in the order of the input:

              {"intent", "s", "confidence", "gap", "runner_up", "outcome", "reason"}

            s is the probability that the text belongs to any intent at all; confidence that it is this one; gap how \
            far the next one is. intent is the best one whatever the outcome, which is routed, none or human; reason \
            says why. Where the meaning says nothing, the figures are null. Texts are held against the intents of the \
            file alone, with the settings' thresholds: rules, tools and a policy are not asked.

            The first line that is not so ends the command with exit status 65; the answers to those before it are \
            written. The exit status is 1 where the embedder failed at a text.

            Examples:
              orch route batch --intents config/intents.yaml --input questions.jsonl
              echo '{"text": "wake me at seven"}' | orch route batch --intents config/intents.yaml
              orch route batch --intents intents.jsonl --input test.jsonl --parallel 2 --quiet > out.jsonl
            """)

    private static let parallels = 1...256

    @Option(
        help: ArgumentHelp("The intents: a file as that of ORCH_INTENTS_PATH.", valueName: "file"), completion: .file())
    var intents: String

    @Option(
        help: ArgumentHelp("The texts, as lines of JSON; - or none reads standard input.", valueName: "file"),
        completion: .file())
    var input: String?

    @Option(help: ArgumentHelp("How many texts are under way at once, from 1 to 256.", valueName: "count"))
    var parallel = 8

    @Flag(help: "Show no progress.")
    var quiet = false

    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard Self.parallels.contains(parallel) else {
            throw ValidationError("--parallel wants a number from 1 to 256")
        }
    }

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        var lines = try InputLines(input, in: session)
        let opened = try await workbench.routing.openedWithMeaning(
            .meaning(intents: intents), quiet: quiet, in: session)
        var writer = ForeignWriter(session.out, makeVisible: Visible.json)
        var failures = 0
        let batch = RoutingBatch(router: opened.router, parallel: parallel)
        try await batch.run(&lines) { answers in
            for answer in answers where answer.hasFailed { failures += 1 }
            try writer.write(answers.flatMap(\.line))
        }
        try writer.finish()
        guard failures == 0 else {
            throw CommandFailure(
                .failure, "the embedder failed at \(Measure.count(failures, "text")): their reason says how")
        }
    }
}
