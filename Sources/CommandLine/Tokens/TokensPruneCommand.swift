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
            "tokenizer", "fallback", "summary"}; the first three are indexes of messages, and summary is the text \
            that takes the place of the summarised ones, or null. Where what must be kept does not fit, the exit \
            status is 65, as the server answers 400 context_length_exceeded.

            Examples:
              orch tokens prune request.json
              orch tokens prune --budget 2000 --json request.json
              orch tokens prune --model gpt-4o - < request.json
            """)

    @Argument(help: "The request's file; - or none reads standard input.", completion: .file())
    var file: String?

    @Option(help: ArgumentHelp("The budget; 0 is no limit. ORCH_MAX_TOKENS unless given.", valueName: "tokens"))
    var budget: Int?

    @Option(help: "How turns without a mark are ranked. ORCH_PRUNE_STRATEGY unless given.")
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
        let (_, workbench) = try configuration.workbench(in: session)
        let bench = workbench.tokens
        let body = try await TokensInput.bytes(of: file, in: session)
        let rehearsal = PruningRehearsal(catalog: bench.catalog, budget: try budget(bench))
        let outcome: PruningRehearsal.Outcome
        do {
            outcome = try await rehearsal.outcome(
                for: body, model: tokens.model, defaultModel: bench.defaultModel)
        } catch let error as BudgetError {
            throw CommandFailure(.malformedData, error.description)
        }
        if outcome.isFallback { try session.warn(TokensOptions.fallbackWarning) }
        let report = PruningReport(outcome: outcome)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }

    private func budget(_ bench: TokenBench) throws -> TokenBudget {
        var result = bench.budget
        if let budget { result.maximumTokens = budget }
        switch strategy {
        case .recency: result.ranking = .recency
        case .relevance:
            guard let relevance = bench.relevance else {
                throw CommandFailure(
                    .unavailable,
                    "the strategy relevance needs the embedder: run ./scripts/assets install, or say --strategy recency"
                )
            }
            result.ranking = .relevance(relevance)
        case nil: break
        }
        return result
    }
}
