import Logging
import OrchClassification
import OrchConfiguration
import OrchCore
import OrchOrchestrator
import OrchPolicyFiles
import OrchRouting
import OrchTools
import Synchronization

/// The intents of the program: their file, what embeds texts, and what was learned of both.
///
/// A changed file is learned beside what is in force, which stays until all of it is there.
final class IntentRouting: Sendable {
    private struct State {
        var learned: LearnedIntents
        /// Of the file that is learned, or was tried; nil where it is to be tried again.
        var fileHash: String?
    }

    /// Where the embedder could not be asked, the file is learned again after so long.
    private static let retryInterval = Duration.seconds(30)
    private static let longestRetryInterval = Duration.seconds(600)
    /// How often an embedder that may change is asked who it is.
    private static let identityInterval = Duration.seconds(300)
    /// Texts that are learned in a minute.
    private static let quickTexts = 20_000

    let file: Watched<IntentCatalog>
    private let tools: [Tool]
    private let embedder: RouterEmbedder?
    private let store: LearnedFile
    private let threads: Int
    private let logger: Logger
    /// Told of each end of learning, and whether it was a good one.
    private let observe: @Sendable (Bool) -> Void
    private let state: Mutex<State>
    private let changes = Atomic<Int>(0)
    private let problem = Mutex<String?>(nil)

    /// - Parameter tools: Those that requests are routed to by their descriptions, where no intent is for them.
    init(
        file: Watched<IntentCatalog>, tools: [Tool], embedder: RouterEmbedder?, store: LearnedFile, threads: Int,
        logger: Logger, observe: @escaping @Sendable (Bool) -> Void
    ) {
        self.file = file
        self.tools = tools
        self.embedder = embedder
        self.store = store
        self.threads = threads
        self.logger = logger
        self.observe = observe
        let loaded = file.current
        state = Mutex(
            State(
                learned: .nothing(
                    embedder == nil ? .embedderMissing : .learning, loaded.value.adding(tools),
                    fileHash: loaded.policyHash)))
    }

    /// What is in force.
    var current: LearnedIntents { state.withLock { $0.learned } }

    /// How often ``current`` has changed.
    var generation: Int { changes.load(ordering: .acquiring) }

    /// Why nothing could be learned; nil where it was.
    var learningProblem: String? { problem.withLock { $0 } }

    /// Whether learning now takes a moment at most, so that a server may wait for it before it listens.
    var isQuick: Bool {
        let texts = file.current.value.intents.reduce(0) { $0 + $1.examples.count + 1 }
        return embedder?.isBuiltIn ?? true && texts <= Self.quickTexts
    }

    /// Learns the file as it is now, unless that is done.
    func learn(progress: @escaping @Sendable (TrainingProgress) -> Void) async {
        let loaded = file.current
        guard state.withLock({ $0.fileHash != loaded.policyHash }) else { return }
        let catalog = loaded.value.adding(tools)
        guard let embedder else {
            return take(.nothing(.embedderMissing, catalog, fileHash: loaded.policyHash), loaded.policyHash)
        }
        let known = state.withLock { $0.learned.classifier }
        do {
            let learned = try await LearnedIntents.learn(
                catalog, fileHash: loaded.policyHash, embedder: embedder, previous: known ?? store.read(),
                threads: threads, progress: progress)
            problem.withLock { $0 = nil }
            take(learned, loaded.policyHash)
            observe(true)
            guard let classifier = learned.classifier, classifier.key != known?.key else { return }
            logger.notice("intents in force", metadata: ["intents": "\(classifier.labels.count)"])
            if !store.write(classifier) {
                logger.warning("what was learned of intents cannot be kept; the next start learns it again")
            }
        } catch is CancellationError {
            // The server ends.
        } catch {
            let message = (error as? any CodedError)?.message ?? "the intents cannot be learned"
            problem.withLock { $0 = message }
            observe(false)
            if known == nil { take(.nothing(.learning, catalog, fileHash: loaded.policyHash), nil) }
            logger.error(
                "intents are not learned; what was learned before stays in force", metadata: ["problem": "\(message)"])
        }
    }

    /// Follows the file, and the embedder where it may change, until the task is cancelled.
    func run(progress: @escaping @Sendable (TrainingProgress) -> Void) async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.file.run() }
            tasks.addTask { await self.followFile(progress) }
            if let embedder, !embedder.isBuiltIn { tasks.addTask { await self.followEmbedder(embedder) } }
        }
    }

    private func followFile(_ progress: @escaping @Sendable (TrainingProgress) -> Void) async {
        var patience = Duration.zero
        var wait = Self.retryInterval
        repeat {
            patience -= Program.policyInterval
            guard patience <= .zero else { continue }
            await learn(progress: progress)
            let hasFailed = learningProblem != nil
            patience = hasFailed ? wait : .zero
            wait = hasFailed ? min(wait * 2, Self.longestRetryInterval) : Self.retryInterval
        } while (try? await Task.sleep(for: Program.policyInterval)) != nil
    }

    /// An Ollama server may get another model under the same name: then all is learned anew.
    private func followEmbedder(_ embedder: RouterEmbedder) async {
        while (try? await Task.sleep(for: Self.identityInterval)) != nil {
            guard let known = state.withLock({ $0.learned.classifier?.embedder }),
                let identity = try? await embedder.identity(), identity.hash != known
            else { continue }
            logger.warning("the embedder is another one; intents are learned anew")
            state.withLock { $0.fileHash = nil }
        }
    }

    /// - Parameter fileHash: nil: it is to be learned again.
    private func take(_ learned: LearnedIntents, _ fileHash: String?) {
        state.withLock { $0 = State(learned: learned, fileHash: fileHash) }
        changes.wrappingAdd(1, ordering: .releasing)
    }
}
