package import OrchOrchestrator
package import OrchRouting

/// What the commands about routing work with. Intents are learned when they are first needed.
package struct RoutingBench: Sendable {
    /// How far learning is; `total` may be 0.
    package struct Progress: Sendable {
        package var phase: String
        package var done: Int
        package var total: Int

        package init(phase: String, done: Int, total: Int) {
            self.phase = phase
            self.done = done
            self.total = total
        }
    }

    /// What is to decide.
    package enum Subject: Sendable {
        /// As the server decides under these settings, without its cache.
        case server
        /// As the server would with the intent router on, under a tool policy of its own; without a cache.
        case tiers(policy: String)
        /// The meaning of texts alone, held against the intents of a file.
        case meaning(intents: String)
    }

    /// What decides.
    package struct Opened: Sendable {
        package let router: RequestRouter
        /// nil where no text's meaning is looked at.
        package let hashes: Meaning.Hashes?
        /// Why no meaning can be looked at, in words; nil where it can, or need not.
        package let problem: String?

        package init(router: RequestRouter, hashes: Meaning.Hashes?, problem: String?) {
            self.router = router
            self.hashes = hashes
            self.problem = problem
        }
    }

    /// Opens what is to decide: reads its files, and learns its intents.
    ///
    /// - Throws: A `CodedError` that says what is wrong and where.
    package var open: @Sendable (Subject, @escaping @Sendable (Progress) -> Void) async throws -> Opened
    /// Reads a file of golden cases.
    package var goldenCases: @Sendable (_ path: String) throws -> [GoldenCase]
    /// The thresholds and the intents' overrides of a tool policy's file, with its hash.
    package var ambiguity: @Sendable (_ policy: String) throws -> (ambiguity: AmbiguityGuard, hash: String)
    /// The intents of the settings' file.
    package var catalog: @Sendable () throws -> IntentCatalog
    /// Decides on a chat request as the server would now, without answering it: the payloads of the steps that are not of
    /// time or outcome.
    package var rehearse: @Sendable (_ body: [UInt8], _ agent: String?) async throws -> ChatRehearsal

    package init(
        open: @escaping @Sendable (Subject, @escaping @Sendable (Progress) -> Void) async throws -> Opened,
        goldenCases: @escaping @Sendable (_ path: String) throws -> [GoldenCase],
        ambiguity: @escaping @Sendable (_ policy: String) throws -> (ambiguity: AmbiguityGuard, hash: String),
        catalog: @escaping @Sendable () throws -> IntentCatalog,
        rehearse: @escaping @Sendable (_ body: [UInt8], _ agent: String?) async throws -> ChatRehearsal
    ) {
        self.open = open
        self.goldenCases = goldenCases
        self.ambiguity = ambiguity
        self.catalog = catalog
        self.rehearse = rehearse
    }
}
