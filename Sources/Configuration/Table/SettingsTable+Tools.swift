import OrchCore

extension SettingsTable {
    static let toolOutputMaxCharacters = Setting(
        "ORCH_TOOL_OUTPUT_MAX_CHARS", .int(1...100_000_000), default: "4000", .tools,
        "cap; a capped result is marked truncated")

    static let toolOutputScrubbed = Setting(
        "ORCH_TOOL_OUTPUT_SCRUB_ENABLED", .bool, default: "1", .tools,
        "secrets and PII removed from tool output and errors")

    static let toolDirectory = Setting("ORCH_TOOL_DIR", .path, default: "config/tools", .tools, "tool manifests")

    static let tools = [
        toolOutputMaxCharacters.entry,
        toolOutputScrubbed.entry,
        planned(
            "ORCH_TOOL_WEB_SEARCH_ENABLED", .bool, default: "0", .tools, "registers web_search",
            refuseUnlessDefault: true),
        planned(
            "ORCH_WEB_SEARCH_URL", .optional(.httpURL), default: "", .tools, "a SearXNG-compatible endpoint"),
        planned(
            "ORCH_TOOL_LOOP_MAX_STEPS", .int(0...100), default: "0", .tools,
            "server-side tool calls of a model per request", refuseUnlessDefault: true),
        toolDirectory.entry,
        planned("ORCH_MCP_SERVERS_PATH", .path, default: "config/mcp.yaml", .tools, "MCP servers"),
    ]

    static let sandboxEnabled = Setting(
        "ORCH_TOOL_SANDBOX_ENABLED", .bool, default: "1", .sandbox, "0: sandboxed tools are refused")

    static let sandboxRequired = Setting(
        "ORCH_TOOL_SANDBOX_REQUIRED", .bool, default: "1", .sandbox, "unsafe tools run only in the sandbox")

    static let sandboxFallback = Setting(
        "ORCH_TOOL_SANDBOX_FALLBACK", .bool, default: "0", .sandbox,
        "with REQUIRED=0, a tool that says so itself may run unsandboxed")

    static let sandboxBackend = Setting(
        "ORCH_SANDBOX_BACKEND", SettingType<SandboxBackend>.choice, default: "auto", .sandbox,
        "auto: bubblewrap, then docker, then refuse")

    static let sandboxImage = Setting(
        "ORCH_SANDBOX_IMAGE", .text, default: "python:3.12-slim", .sandbox, "docker backend's image")

    static let sandboxTimeout = Setting(
        "ORCH_SANDBOX_TIMEOUT_SEC", .seconds(.milliseconds(1)...(.seconds(86_400))), default: "10", .sandbox,
        "wall-clock limit, then the whole process tree is killed")

    static let sandboxMemory = Setting(
        "ORCH_SANDBOX_MEMORY_MB", .int(16...1_048_576), default: "256", .sandbox, "memory limit")

    static let sandboxCPU = Setting(
        "ORCH_SANDBOX_CPU", .ratio(0.01...1_024), default: "0.5", .sandbox, "CPU share")

    static let sandboxToolDirectory = Setting(
        "ORCH_SANDBOX_TOOL_DIR", .path, default: "sandbox_tools", .sandbox, "read-only tool programs")

    static let sandbox = [
        sandboxEnabled.entry, sandboxRequired.entry, sandboxFallback.entry, sandboxBackend.entry, sandboxImage.entry,
        sandboxTimeout.entry, sandboxMemory.entry, sandboxCPU.entry, sandboxToolDirectory.entry,
    ]
}
