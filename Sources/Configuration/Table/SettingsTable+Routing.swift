extension SettingsTable {
    static let orchestratorMode = Setting<OrchestratorMode>(
        "ORCH_ORCHESTRATOR_MODE", .choice, default: "basic", .routing,
        "basic: model or local answer only; advanced: the whole pipeline")
    static let routerPolicyPath = Setting(
        "ORCH_ROUTER_POLICY_PATH", .path, default: "config/router_policy.yaml", .routing, "rule policy")

    static let routing = [orchestratorMode.entry, routerPolicyPath.entry]

    static let semanticRouterEnabled = Setting(
        "ORCH_SEMANTIC_ROUTER_ENABLED", .bool, default: "0", .routing, "embedding fallback behind the rules")
    static let semanticMinimumSimilarity = Setting(
        "ORCH_SEMANTIC_ROUTER_MIN_SIMILARITY", .ratio(0...1), default: "0.80", .routing,
        "minimum confidence of a semantic match")
    static let semanticEmbedModel = Setting(
        "ORCH_SEMANTIC_ROUTER_EMBED_MODEL", .text, default: "builtin", .routing,
        "builtin runs in the process, builtin-static is its fast one; any other name asks the provider below")
    static let semanticOllamaURL = Setting(
        "ORCH_SEMANTIC_ROUTER_OLLAMA_URL", .httpURL, default: "http://127.0.0.1:11434", .routing,
        "used when the embed model is not builtin")
    static let semanticTimeout = Setting(
        "ORCH_SEMANTIC_ROUTER_TIMEOUT_SEC", .seconds(.milliseconds(1)...(.seconds(600))), default: "10", .routing,
        "embedding call limit")

    static let semanticRouting = [
        semanticRouterEnabled.entry, semanticMinimumSimilarity.entry, semanticEmbedModel.entry,
        semanticOllamaURL.entry, semanticTimeout.entry,
    ]

    static let intentRouterEnabled = Setting(
        "ORCH_INTENT_ROUTER_ENABLED", .bool, default: "0", .routing, "multi-tier front door")
    static let intentRouterShadow = Setting(
        "ORCH_INTENT_ROUTER_SHADOW", .bool, default: "0", .routing, "decide and record, but act on the plain router")
    static let intentDecisionExposed = Setting(
        "ORCH_INTENT_DECISION_EXPOSE", .bool, default: "0", .routing,
        "intent_decision in responses (debug=1 does it for one request)")
    static let intentMinimumConfidence = Setting(
        "ORCH_INTENT_MIN_CONFIDENCE", .ratio(0...1), default: "0.85", .routing, "below: human review")
    static let intentMinimumGap = Setting(
        "ORCH_INTENT_MIN_GAP", .ratio(0...1), default: "0.05", .routing, "top two closer than this: human review")
    static let intentCacheEnabled = Setting(
        "ORCH_INTENT_CACHE_ENABLED", .bool, default: "1", .routing, "tier 1")
    static let intentCachePath = Setting(
        "ORCH_INTENT_CACHE_DB_PATH", .path, default: .inInstanceDirectory("intent_cache.db"), .routing,
        "SQLite file of the cache")
    static let intentCacheLifetime = Setting(
        "ORCH_INTENT_CACHE_TTL_SEC", .seconds(.seconds(1)...(.seconds(31_536_000))), default: "600", .routing,
        "entry lifetime")
    static let intentsPath = Setting(
        "ORCH_INTENTS_PATH", .path, default: "config/intents.yaml", .routing, "intents and examples")

    static let intentRouting = [
        intentRouterEnabled.entry, intentRouterShadow.entry, intentDecisionExposed.entry,
        intentMinimumConfidence.entry, intentMinimumGap.entry, intentCacheEnabled.entry, intentCachePath.entry,
        intentCacheLifetime.entry, reviewsEnabled.entry, reviewDatabasePath.entry, intentsPath.entry,
    ]

    static let agentDirectory = Setting(
        "ORCH_AGENT_DIR", .path, default: "config/agents", .agents, "agent YAML files")

    static let agentPromptsOverBudget = Setting(
        "ORCH_AGENT_PROMPT_ALLOW_OVERBUDGET", .bool, default: "0", .agents,
        "agent prompts over 20% of the budget are kept whole")

    static let agents = [
        agentDirectory.entry,
        agentPromptsOverBudget.entry,
    ]
}
