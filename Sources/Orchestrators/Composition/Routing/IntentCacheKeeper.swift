import Logging
import OrchConfiguration
import OrchCore
import OrchKeyFiles
import OrchObservability
import OrchOrchestrator
import OrchRouting
import OrchStorageSQLite
import Synchronization

/// The cache of intents, and its file: read at the start, written behind what is decided. Where the file cannot be used
/// the cache lives in memory alone.
final class IntentCacheKeeper: Sendable {
    private static let interval = Duration.seconds(1)
    private static let pruneEvery = 60
    private static let batch = 512
    private static let maximumRows = 10_000

    let memory: IntentMemory
    private let path: String
    private let logger: Logger
    private let isFailing = Mutex(false)

    init(_ configuration: Configuration, logger: Logger) throws {
        let secret = try SecretKeyFile(configuration.storage.secretKeyPath).key()
        memory = IntentMemory(
            cache: IntentCache(
                lifetime: configuration.routing.intents.cacheLifetime, maximumRows: Self.maximumRows),
            signer: IntentSigner(secret: secret))
        path = configuration.routing.intents.cachePath
        self.logger = logger
    }

    /// Opens the file and takes over what it knows; nil where it cannot be used.
    func restore() async -> (any IntentCacheStore)? {
        do {
            let store = try SQLiteIntentCache(path: path)
            memory.cache.restore(try await store.load(at: wallClock(), limit: Self.maximumRows), at: wallClock())
            return store
        } catch {
            report(error)
            return nil
        }
    }

    /// Writes what was decided, until the task is cancelled.
    func run(_ store: any IntentCacheStore) async {
        var round = 0
        while (try? await Task.sleep(for: Self.interval)) != nil {
            round += 1
            await save(to: store)
            guard round.isMultiple(of: Self.pruneEvery) else { continue }
            _ = memory.cache.prune(at: wallClock())
            do { _ = try await store.prune(at: wallClock(), maximumRows: Self.maximumRows) } catch { report(error) }
        }
    }

    /// Writes what waits to be written.
    func save(to store: any IntentCacheStore) async {
        while case let rows = memory.cache.takeUnsaved(limit: Self.batch), !rows.isEmpty {
            do {
                try await store.save(rows)
                isFailing.withLock { $0 = false }
            } catch {
                memory.cache.putBack(rows)
                return report(error)
            }
        }
    }

    /// Tells it once, until it works again.
    private func report(_ error: any Error) {
        let isNew = isFailing.withLock { isFailing in
            defer { isFailing = true }
            return !isFailing
        }
        guard isNew else { return }
        let message = (error as? any CodedError)?.message ?? "its file cannot be used"
        logger.warning("the cache of intents is kept in memory alone", metadata: ["problem": "\(message)"])
    }
}
