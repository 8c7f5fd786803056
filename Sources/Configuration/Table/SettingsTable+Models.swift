import OrchCore

extension SettingsTable {
    static let modelsEnabled = Setting("ORCH_LLM_ENABLED", .bool, default: "0", .llm, "model calls at all")
    static let modelNetworkEnabled = Setting(
        "ORCH_LLM_NETWORK_ENABLED", .bool, default: "0", .llm,
        "outbound connections to a model server; off refuses the call, says which flag to set, and counts it")
    static let provider = Setting<ProviderName>(
        "ORCH_LLM_PROVIDER", .choice, default: "ollama", .llm,
        "ollama: native API; openai: any OpenAI-compatible server; local: the managed llama.cpp child")
    static let ollamaURL = Setting(
        "ORCH_OLLAMA_URL", .httpURL, default: "http://127.0.0.1:11434", .llm, "Ollama base URL")
    static let openAIBaseURL = Setting(
        "ORCH_OPENAI_BASE_URL", .httpURL, default: "http://127.0.0.1:8000/v1", .llm, "OpenAI-compatible base URL")
    static let openAIAPIKey = Setting<Redacted<String>?>(
        "ORCH_OPENAI_API_KEY", .optional(.secret), default: "", .llm, "sent to that server only")
    static let localModelPath = Setting<String?>(
        "ORCH_LOCAL_MODEL_PATH", .optional(.path), default: "", .llm,
        "GGUF file for provider local; empty uses the one the set-up installed")

    static let chatModel = Setting("ORCH_MODEL_CHAT", .text, default: "qwen2.5:3b", .llm, "chat model")
    static let toolModel = Setting(
        "ORCH_MODEL_TOOL", .text, default: "qwen2.5:3b", .llm, "model used when a tool was selected")
    static let reasonerModel = Setting(
        "ORCH_MODEL_REASONER", .text,
        default: SettingDefault("value of ORCH_MODEL_CHAT", .value(of: "ORCH_MODEL_CHAT")), .llm,
        "model of the higher tiers")
    static let embeddingModel = Setting(
        "ORCH_MODEL_EMBED", .text, default: "nomic-embed-text:latest", .llm, "embedding model asked of a provider")
    static let modelAllowlist = Setting(
        "ORCH_LLM_MODEL_ALLOWLIST", .list(of: "model names"), default: "", .llm,
        "comma-separated models; empty allows all")
    static let modelAliases = Setting(
        "ORCH_MODEL_ALIASES", .modelAliases, default: "", .llm,
        "name=model pairs, so that clients with a fixed model name work (gpt-4o=auto)")
    static let modelFallbacks = Setting(
        "ORCH_LLM_FALLBACKS", .modelFallbacks, default: "", .llm,
        "further provider=model pairs tried in order when the first is down or its breaker is open")

    static let modelTimeout = Setting(
        "ORCH_LLM_TIMEOUT_SEC", .seconds(.milliseconds(1)...(.seconds(86_400))), default: "30", .llm,
        "whole-call limit; on a stream, limit to the first token and between tokens")
    static let modelHealthTimeout = Setting(
        "ORCH_LLM_HEALTH_TIMEOUT_SEC", .seconds(.milliseconds(1)...(.seconds(600))), default: "5", .llm,
        "health check")
    static let maxOutputCharacters = Setting(
        "ORCH_LLM_MAX_OUTPUT_CHARS", .int(0...100_000_000), default: "4000", .llm,
        "cap on model output; 0 none; a capped answer says finish_reason length and is marked truncated")
    static let retryCount = Setting(
        "ORCH_LLM_RETRY_COUNT", .int(0...10), default: "0", .llm,
        "retries after the first try, for connect errors, 408, 429 and 5xx only, never after the first streamed byte")
    static let retryBackoff = Setting(
        "ORCH_LLM_RETRY_BACKOFF_SEC", .seconds(.zero...(.seconds(3_600))), default: "0.5", .llm,
        "exponential from this, with full jitter; Retry-After wins")
    static let circuitMaxFailures = Setting(
        "ORCH_LLM_CIRCUIT_MAX_FAILURES", .int(1...1_000), default: "3", .llm,
        "consecutive failures that open the breaker")
    static let circuitReset = Setting(
        "ORCH_LLM_CIRCUIT_RESET_SEC", .seconds(.milliseconds(1)...(.seconds(86_400))), default: "30", .llm,
        "after this one trial call is let through (half open)")

    static let models = [
        modelsEnabled.entry, modelNetworkEnabled.entry, provider.entry, ollamaURL.entry, openAIBaseURL.entry,
        openAIAPIKey.entry, localModelPath.entry, chatModel.entry, toolModel.entry, reasonerModel.entry,
        embeddingModel.entry, modelAllowlist.entry, modelAliases.entry, modelFallbacks.entry, modelTimeout.entry,
        modelHealthTimeout.entry, maxOutputCharacters.entry, retryCount.entry, retryBackoff.entry,
        circuitMaxFailures.entry, circuitReset.entry,
    ]

    static let egressAllowlist = Setting(
        "ORCH_EGRESS_ALLOWLIST", .egressRules, default: "loopback", .egress,
        "host:port pairs the process may connect to; every connection goes through one guard and leaves a receipt")

    static let egress = [egressAllowlist.entry]
}
