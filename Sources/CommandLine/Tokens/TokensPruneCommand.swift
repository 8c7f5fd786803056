import ArgumentParser
import OrchCore
import OrchOrchestrator
import OrchTokens

/// `orch tokens prune`
struct TokensPruneCommand: OrchSubcommand {
    /// How turns without a mark are ranked.
    enum Strategy: String, CaseIterable, ExpressibleByArgument { case recency, relevance }

    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Say which turns of a chat request would be dropped to fit the budget. Nothing is asked or recorded.",
        discussion: """
            The input is a body of POST /v1/chat/completions. It is counted and pruned as the server does, but agents \
            and aliases are not resolved: an agent's prompt is not counted, and `model` counts by the name that stands \
            there; --model counts in its place.

            --json prints {"kept", "dropped", "summarised", "tokens_before", "tokens_after", "budget", "strategy", \
            "tokenizer", "fallback"}; the first three are indexes of messages, and nothing is summarised in this \
            version. Where what must be kept does not fit, the exit status is 65, as the server answers 400 \
            context_length_exceeded.

            Examples:
              orch tokens prune request.json
              orch tokens prune --budget 2000 --json request.json
              orch tokens prune --model gpt-4o - < request.json
            """)

    @Argument(help: "The request's file; - or none reads standard input.", completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("The budget; 0 is no limit. ORCH_MAX_TOKENS unless given.", valueName: "tokens"))
    var budget: Int?

    @Option(help: "How turns without a mark are ranked. relevance comes with the embedder.")
    var strategy: Strategy?

    @OptionGroup var tokens: TokensOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func validate() throws {
        guard budget.map({ (0...100_000_000).contains($0) }) ?? true else {
            throw ValidationError("--budget wants a whole number from 0 to 100000000")
        }
    }

    func run(in session: Session) async throws {
        guard strategy != .relevance else {
            throw CommandFailure(
                .unavailable, "the strategy relevance comes with the embedder, which is not in this version; recency is"
            )
        }
        let (_, workbench) = try configuration.workbench(in: session)
        let bench = workbench.tokens
        let body = try await TokensInput.bytes(of: file, in: session)
        let rehearsal = PruningRehearsal(catalog: bench.catalog, strategy: strategy == nil ? bench.strategy : .recency)
        let outcome: PruningRehearsal.Outcome
        do {
            outcome = try rehearsal.outcome(
                for: body, model: tokens.model, defaultModel: bench.defaultModel, budget: budget ?? bench.budget)
        } catch let error as BudgetError {
            throw CommandFailure(.malformedData, error.description)
        }
        if outcome.isFallback { try session.warn(TokensOptions.fallbackWarning) }
        let report = PruningReport(outcome: outcome, strategy: Strategy.recency.rawValue)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}
