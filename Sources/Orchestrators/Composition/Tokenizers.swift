import Crypto
import OrchConfiguration
import OrchCore
import OrchLocalModel
import OrchOrchestrator
import OrchPolicyFiles
import OrchTokens

/// What counts tokens: the vocabularies that are installed, which of them is whose, and the budget.
struct Tokenizers: Sendable {
    /// Beside the other files of the configuration.
    private static let tablePath = "config/tokenizers.yaml"

    let catalog: TokenizerCatalog
    let budget: TokenBudget
    /// nil where no embedder is installed.
    let relevance: RelevanceRanking?
    let summarizer: ExtractiveSummarizer
    private let tableHash: String
    private let folder: VocabularyFolder
    /// nil where there is a table of vocabularies.
    let missingTable: String?

    /// - Throws: ``PolicyFileError`` where the table is there and broken.
    ///
    /// - Parameter vectors: nil where no embedder is installed.
    init(
        _ configuration: Configuration, _ setup: ModelSetup, vectors: TextVectors?
    ) throws(PolicyFileError) {
        let tokens = configuration.tokens
        let table = try TokenizerTableFile.loadOrEmpty(Self.tablePath)
        var folder = VocabularyFolder(tokens.tokenizerDirectory)
        var local: TokenizerCatalog.LocalModel?
        if let server = setup.localServer {
            local = TokenizerCatalog.LocalModel(model: server.modelName, tokenizer: server.modelName)
            folder.add(server.modelName, path: setup.localModelPath)
        }
        self.folder = folder
        catalog = TokenizerCatalog(
            table: table.value, standard: tokens.tokenizerModel, local: local, installed: folder.names,
            fallback: ByteFallbackCounter(margin: tokens.safetyMargin)
        ) { [folder] (name) throws(TokenizerError) in try folder.load(name) }
        let cache = VectorCache()
        summarizer = ExtractiveSummarizer(embed: vectors, cache: cache)
        relevance = vectors.map { RelevanceRanking(embed: $0, cache: cache) }
        // Without an embedder turns are ranked by recency, and summaries go by words alone.
        budget = TokenBudget(
            maximumTokens: tokens.maximum,
            ranking: tokens.pruneStrategy == .relevance ? relevance.map { .relevance($0) } ?? .recency : .recency,
            summaries: TokenBudget.Summaries(
                summarizer, forcedAbove: tokens.tier3MinTokens,
                always: tokens.isSummaryEnabled),
            allowsLongPrompts: configuration.agents.mayPromptsExceedBudget)
        tableHash = table.policyHash
        missingTable =
            table.value.rows.isEmpty
            ? "\(Self.tablePath) is not there: \(tokens.tokenizerModel) counts for all models" : nil
    }

    /// Reads what the server's models need.
    ///
    /// - Returns: What is wrong, a sentence each.
    func preload() -> [String] {
        catalog.preload().map { "\($0.name): \($0.error.message)" }
    }

    /// What counts, for receipts: SHA-256 over the table's hash, the standard's name, and the hashes of the installed
    /// vocabularies. Reads their files.
    var hash: String {
        let used = folder.names.sorted().map { name in
            JSONObject.Member(key: name, value: folder.hash(name).map(JSONValue.string) ?? .null)
        }
        let value: JSONObject = [
            "standard": .string(catalog.standard), "table": .string(tableHash),
            "vocabularies": .object(JSONObject(used)),
        ]
        return Hexadecimal.encode(SHA256.hash(data: value.canonical))
    }
}
