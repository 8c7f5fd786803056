extension SettingsTable {
    static let receiptsEnabled = Setting(
        "ORCH_TRACE_ENABLED", .bool, default: "1", .receipts, "receipts; off also turns audit routes off")
    static let receiptsDatabasePath = Setting(
        "ORCH_TRACE_DB_PATH", .path, default: .inInstanceDirectory("trace.db"), .receipts, "SQLite file of receipts")

    static let receiptKeyPath = Setting(
        "ORCH_RECEIPT_SIGNING_KEY_PATH", .path, default: .inInstanceDirectory("receipts.key"), .receipts,
        "Ed25519 key, made on first start with mode 0600")
    static let logOrigin = Setting(
        "ORCH_LOG_ORIGIN", .logName, default: "orchestrators/<host>", .receipts, "name of the log in its checkpoints")
    static let auditPublic = Setting(
        "ORCH_AUDIT_PUBLIC", .bool, default: "0", .receipts, "checkpoint, proof and tile routes without a bearer")

    static let receipts = [
        receiptsEnabled.entry, receiptsDatabasePath.entry, receiptKeyPath.entry, logOrigin.entry, auditPublic.entry,
        planned(
            "ORCH_WITNESSES", .list(of: "witness URLs with their verifier keys"), default: "", .receipts,
            "witness URLs with their verifier keys", refuseUnlessDefault: true),
    ]

    static let trustPanelEnabled = Setting(
        "ORCH_TRUST_PANEL_ENABLED", .bool, default: "0", .receipts,
        "/v1/trust routes and the console's trust page")
    static let trustPanelDebug = Setting(
        "ORCH_TRUST_PANEL_DEBUG", .bool, default: "0", .receipts, "debug=1 adds sizes")
    static let trustPanelMaxEvents = Setting(
        "ORCH_TRUST_PANEL_MAX_EVENTS", .int(1...10_000), default: "200", .receipts, "hard cap per query")
    static let trustPanelMaxValueCharacters = Setting(
        "ORCH_TRUST_PANEL_MAX_VALUE_CHARS", .int(1...1_000_000), default: "500", .receipts, "longer values are cut")

    static let trustPanel = [
        trustPanelEnabled.entry, trustPanelDebug.entry, trustPanelMaxEvents.entry, trustPanelMaxValueCharacters.entry,
    ]

    static let outputGuard = Setting(
        "ORCH_OUTPUT_GUARD", SettingType<OutputGuardMode>.choice, default: "off", .privacy,
        "scrub or refuse secrets and PII in model output, streams too")
    static let redactionStyle = Setting(
        "ORCH_REDACTION_STYLE", SettingType<RedactionStyle>.choice, default: "plain", .privacy,
        "[REDACTED] or [REDACTED:kind]")

    static let privacy = [outputGuard.entry, redactionStyle.entry]

    static let memory = [
        planned(
            "ORCH_MEMORY_ENABLED", .bool, default: "0", .memory, "memory at all", refuseUnlessDefault: true),
        planned("ORCH_MEMORY_CAPTURE_ENABLED", .bool, default: "0", .memory, "capture of candidates"),
        planned(
            "ORCH_MEMORY_WRITE_POLICY", SettingType<MemoryWritePolicy>.choice, default: "off", .memory,
            "what may be written"),
        planned(
            "ORCH_MEMORY_CAPTURE_TTL_MINUTES", .int(1...5_256_000), default: "180", .memory,
            "lifetime of a candidate"),
        planned(
            "ORCH_MEMORY_DB_PATH", .path, default: .inInstanceDirectory("orchestrator_core.db"), .memory,
            "SQLite file of memory"),
        planned("ORCH_MEMORY_MAX_CHARS", .int(10...1_000_000), default: "500", .memory, "longest kept text"),
        planned(
            "ORCH_MEMORY_SCRUB_REDACT_PII", .bool, default: "1", .memory,
            "PII redaction before writing (secrets are always denied or redacted)"),
        planned(
            "ORCH_MEMORY_RECALL_ENABLED", .bool, default: "0", .memory,
            "recall of stored memories into the context"),
        planned(
            "ORCH_MEMORY_RECALL_MAX_SHARE", .ratio(0...1), default: "0.1", .memory,
            "share of the token budget that recall may use"),
    ]

    static let telemetry = [
        planned(
            "ORCH_OTEL_ENABLED", .bool, default: "0", .otel, "export traces and metrics", refuseUnlessDefault: true),
        planned(
            "ORCH_OTEL_EXPORTER_OTLP_ENDPOINT", .httpURL, default: "http://127.0.0.1:4318/v1/traces", .otel,
            "OTLP over HTTP"),
        planned("ORCH_SERVICE_NAME", .text, default: "orchestrators-v2", .otel, "service.name"),
    ]
}
