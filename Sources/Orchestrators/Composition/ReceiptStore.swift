import OrchConfiguration
import OrchCore
import OrchKeyFiles
import OrchReceipts
import OrchStorageSQLite
import Synchronization

/// The receipts' database, key and log, each opened when it is first needed: a command that only looks at something makes
/// no log, and one that mends a log does not need it to be whole.
final class ReceiptStore: Sendable {
    private let settings: Configuration.Receipts
    private let hostName: String
    private let metrics: LiveMetrics
    private let opened = Mutex<(database: TraceDatabase?, log: SQLiteReceiptLog?)>((nil, nil))

    init(_ settings: Configuration.Receipts, hostName: String, metrics: LiveMetrics) {
        self.settings = settings
        self.hostName = hostName
        self.metrics = metrics
    }

    var databasePath: String { settings.databasePath }

    func database() throws -> TraceDatabase {
        try opened.withLock { opened in
            if let database = opened.database { return database }
            let database = try TraceDatabase(path: settings.databasePath)
            opened.database = database
            return database
        }
    }

    /// The log with its key; made where it was never started.
    func log() throws -> SQLiteReceiptLog {
        let database = try database()
        return try opened.withLock { opened in
            if let log = opened.log { return log }
            let key = try keyring(of: database).key()
            let log = SQLiteReceiptLog(database: database, key: key) { [metrics] in metrics.committed($0) }
            opened.log = log
            return log
        }
    }

    func keyring() throws -> LogKeyring { keyring(of: try database()) }

    private func keyring(of database: TraceDatabase) -> LogKeyring {
        LogKeyring(
            file: SigningKeyFile(settings.keyPath),
            log: LogKeyring.Log(
                keys: { try database.logKeys() }, adopt: { try database.adoptFirstKey($0) }),
            origin: settings.logOrigin.replacing(Self.hostPlaceholder, with: hostName),
            isOriginChosen: !settings.logOrigin.contains(Self.hostPlaceholder))
    }

    private static let hostPlaceholder = "<host>"
}

/// The log as commands use it: opened, and its key looked for, once there is something to write.
struct DeferredReceiptLog: ReceiptLog {
    let store: ReceiptStore
    let instance: InstanceDirectory

    @discardableResult
    func commit(_ entry: ReceiptEntry) async throws(ReceiptError) -> Receipt? {
        let log: SQLiteReceiptLog
        do {
            // Before anything is open: a server that starts closes what was left open, and must not close this.
            try instance.joinCommands()
            log = try store.log()
        } catch {
            throw error as? ReceiptError ?? ReceiptError(.unavailable, "receipts cannot be written: \(error)")
        }
        return try await log.commit(entry)
    }

    var isHealthy: Bool { true }
}
