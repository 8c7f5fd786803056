extension SettingsTable {
    static let environment = Setting<DeploymentEnvironment>(
        "ORCH_ENV", .choice, default: "development", .server,
        "production makes auth mandatory, refuses a weak or example bearer token, requires shared rate-limit storage "
            + "when rate limiting is on")
    static let host = Setting("ORCH_HOST", .host, default: "127.0.0.1", .server, "bind address")
    static let port = Setting(
        "ORCH_PORT", .port, default: "8088", .server, "bind port; 0 picks a free port and prints it")
    static let apiEnabled = Setting(
        "ORCH_ENABLE_API", .bool, default: "1", .server,
        "0: every /v1 route and /ready answer 503 with a clear error; /health still answers")

    static let server = [environment.entry, host.entry, port.entry, apiEnabled.entry]

    static let bearerRequired = Setting(
        "ORCH_REQUIRE_BEARER", .bool, default: "1", .auth,
        "bearer token required everywhere but /health, /ready and /openapi.json; 0 only with a loopback ORCH_HOST, and never in "
            + "production")
    static let bearerTokens = Setting(
        "ORCH_BEARER_TOKEN", .secretList, default: "", .auth,
        "token or name:token, several separated by commas (so that rotation overlaps); compared in constant time")
    static let operatorTokens = Setting(
        "ORCH_OPERATOR_TOKEN", .secretList, default: "", .auth,
        "the same for operators: approvals, reviews, erasure, trust panel")
    static let allowedHosts = Setting(
        "ORCH_ALLOWED_HOSTS", .allowedHosts,
        default: SettingDefault("bind address, localhost, 127.0.0.1, [::1]", .boundHosts), .auth,
        "accepted Host and Origin values")

    static let auth = [bearerRequired.entry, bearerTokens.entry, operatorTokens.entry, allowedHosts.entry]

    static let maxRequestBytes = Setting(
        "ORCH_MAX_REQUEST_BYTES", .int(1_024...1_073_741_824), default: "1048576", .limits,
        "larger bodies get 413 before they are read to the end")
    static let maxConnections = Setting(
        "ORCH_MAX_CONNECTIONS", .int(1...1_000_000), default: "4096", .limits, "open client connections")
    static let rateLimitEnabled = Setting(
        "ORCH_RATE_LIMIT_ENABLED", .bool, default: "1", .limits, "per-key rate limit on every route that costs anything"
    )
    static let rateLimit = Setting(
        "ORCH_RATE_LIMIT", .rate, default: "60 per minute", .limits,
        "N per second, minute, hour or day; several joined by ; all apply")
    /// Named by the rules for production, though there is no shared storage yet.
    static let rateLimitStorageURL = planned(
        "ORCH_RATE_LIMIT_STORAGE_URL", .optional(.url(["redis", "rediss"], example: "redis://127.0.0.1:6379/0")),
        default: "", .limits, "redis://host:port/db; empty is per process", refuseUnlessDefault: true)

    static let limits = [
        maxRequestBytes.entry, maxConnections.entry, rateLimitEnabled.entry, rateLimit.entry, rateLimitStorageURL,
        planned(
            "ORCH_RATE_LIMIT_ON_OUTAGE", SettingType<OutageBehaviour>.choice, default: "local", .limits,
            "what happens while Redis is down"),
    ]

    static let logsAsJSON = Setting(
        "ORCH_LOG_JSON", .bool, default: "1", .logs, "one JSON object a line on stderr; 0 for a readable line")
    static let logLevel = Setting(
        "ORCH_LOG_LEVEL", .level, default: "INFO", .logs, "trace debug info notice warning error critical, any case")

    static let logs = [logsAsJSON.entry, logLevel.entry]

    static let metricsEnabled = Setting(
        "ORCH_METRICS_ENABLED", .bool, default: "1", .metrics, "0: /metrics answers 503")

    static let metrics = [metricsEnabled.entry]
}
