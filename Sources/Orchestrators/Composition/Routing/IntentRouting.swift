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

    let file: Watched<IntentCatalog>
    private let tools: [Tool]
    private let embedder: RouterEmbedder?
    private let store: LearnedFile
    private let threads: Int
    private let logger: Logger
    private let state: Mutex<State>
    private let changes = Atomic<Int>(0)
    private let problem = Mutex<String?>(nil)

    /// - Parameter tools: Those that requests are routed to by their descriptions, where no intent is for them.
    init(
        file: Watched<IntentCatalog>, tools: [Tool], embedder: RouterEmbedder?, store: LearnedFile, threads: Int,
        logger: Logger
    ) {
        self.file = file
        self.tools = tools
        self.embedder = embedder
        self.store = store
        self.threads = threads
        self.logger = logger
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

    /// Learns the file as it is now, unless that is done.
    func learn(progress: @escaping @Sendable (TrainingProgress) -> Void) async {
        let loaded = file.current
        guard let embedder, state.withLock({ $0.fileHash != loaded.policyHash }) else { return }
        let known = state.withLock { $0.learned.classifier }
        do {
            let learned = try await LearnedIntents.learn(
                loaded.value.adding(tools), fileHash: loaded.policyHash, embedder: embedder,
                previous: known ?? store.read(), threads: threads, progress: progress)
            problem.withLock { $0 = nil }
            take(learned, loaded.policyHash)
            guard let classifier = learned.classifier, classifier.key != known?.key else { return }
            if !store.write(classifier) {
                logger.warning("what was learned of intents cannot be kept; the next start learns it again")
            }
        } catch {
            let message = (error as? any CodedError)?.message ?? "the intents cannot be learned"
            problem.withLock { $0 = message }
            logger.error(
                "intents are not learned; what was learned before stays in force", metadata: ["problem": "\(message)"])
        }
    }

    /// Follows the file until the task is cancelled.
    func run(progress: @escaping @Sendable (TrainingProgress) -> Void) async {
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.file.run() }
            tasks.addTask {
                var patience = Duration.zero
                while (try? await Task.sleep(for: Program.policyInterval)) != nil {
                    patience -= Program.policyInterval
                    guard patience <= .zero else { continue }
                    await self.learn(progress: progress)
                    patience = self.learningProblem == nil ? .zero : Self.retryInterval
                }
            }
        }
    }

    private func take(_ learned: LearnedIntents, _ fileHash: String) {
        state.withLock { $0 = State(learned: learned, fileHash: fileHash) }
        changes.wrappingAdd(1, ordering: .releasing)
    }
}
