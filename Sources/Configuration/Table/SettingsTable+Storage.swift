extension SettingsTable {
    static let instanceDirectory = Setting(
        "ORCH_INSTANCE_DIR", .path, default: "instance", .storage, "runtime state: databases, keys")
    static let assetsDirectory = Setting(
        "ORCH_ASSETS_DIR", .path, default: SettingDefault("$XDG_DATA_HOME/orchestrators", .userDataDirectory), .storage,
        "vocabularies, models")
    static let walEnabled = Setting(
        "ORCH_SQLITE_WAL_ENABLED", .bool, default: "1", .storage,
        "WAL journal; 0 is refused while receipts are on, whose durability rests on it")

    static let retentionDays = Setting(
        "ORCH_RETENTION_DAYS", .int(0...36_500), default: "0", .storage,
        "age at which step payloads and content go; 0 keeps")
    static let retentionMaxMegabytes = Setting(
        "ORCH_RETENTION_MAX_MB", .int(0...1_000_000_000), default: "0", .storage, "disk cap for them; 0 none")

    static let secretKeyPath = Setting(
        "ORCH_SECRET_KEY_PATH", .path, default: .inInstanceDirectory("secret.key"), .storage,
        "local key for HMACs and stored payloads, made on first start, mode 0600")

    static let storage = [
        instanceDirectory.entry, assetsDirectory.entry, walEnabled.entry,
        secretKeyPath.entry,
        planned(
            "ORCH_DATABASE_URL",
            .optional(
                .url(["postgresql", "postgres", "postgresql+psycopg"], example: "postgresql://127.0.0.1/orchestrators")
            ), default: "", .storage,
            "postgresql://… moves every table there; empty is SQLite; postgresql+psycopg:// is accepted too",
            refuseUnlessDefault: true),
        planned(
            "ORCH_DB_POOL_RECYCLE", .seconds(.seconds(1)...(.seconds(86_400))), default: "300", .storage,
            "connection lifetime"),
        retentionDays.entry, retentionMaxMegabytes.entry,
    ]
}
