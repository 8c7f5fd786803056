extension SettingsTable {
    /// The most tokens that any threshold may name.
    private static let tokenRange = 1...100_000_000

    static let chatTier1MaxTokens = Setting(
        "ORCH_MODEL_CHAT_TIER1_MAX_TOKENS", .int(tokenRange), default: "4096", .tokens,
        "above this input size the chat model hands over to the reasoner")
    static let reasonerTier1MaxTokens = Setting(
        "ORCH_MODEL_REASONER_TIER1_MAX_TOKENS", .int(tokenRange), default: "32768", .tokens,
        "above this the reasoner overflows")
    static let tier3MinTokens = Setting(
        "ORCH_TIER3_MIN_TOKENS", .int(tokenRange), default: "32768", .tokens,
        "above this pruned turns are always replaced by a summary")
    static let tokenSafetyMargin = Setting(
        "ORCH_TOKEN_SAFETY_MARGIN", .ratio(0.1...10), default: "1.1", .tokens,
        "multiplies byte-fallback counts, rounded up; below 1.0 warns at start")

    static let maxTokens = Setting(
        "ORCH_MAX_TOKENS", .int(0...100_000_000), default: "16384", .tokens,
        "input budget; 0 turns budgeting off")
    static let pruneStrategy = Setting(
        "ORCH_PRUNE_STRATEGY", SettingType<PruneStrategy>.choice, default: "relevance", .tokens,
        "how unmarked turns are ranked when pruning; recency where no embedder is installed")
    static let summaryEnabled = Setting(
        "ORCH_TOKEN_BUDGET_SUMMARY_ENABLED", .bool, default: "0", .tokens,
        "summarise what was pruned even below tier 3")
    static let tokenizerDirectory = Setting(
        "ORCH_TOKENIZER_DIR", .path, default: SettingDefault("assets directory", .value(of: "ORCH_ASSETS_DIR")),
        .tokens, "where vocabularies are")
    static let tokenizerModel = Setting(
        "ORCH_TOKENIZER_MODEL", .text, default: "o200k_base", .tokens, "vocabulary used when the model names none")

    static let tokens = [
        maxTokens.entry, chatTier1MaxTokens.entry, reasonerTier1MaxTokens.entry, tier3MinTokens.entry,
        tokenSafetyMargin.entry, pruneStrategy.entry,
        summaryEnabled.entry,
        tokenizerDirectory.entry, tokenizerModel.entry,
    ]
}
