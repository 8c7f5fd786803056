import OrchCore
import OrchRouting

extension RoutingBench {
    /// What decides, opened with its progress on standard error.
    ///
    /// - Parameter quiet: Without the progress.
    func opened(_ subject: Subject, quiet: Bool = false, in session: Session) async throws -> Opened {
        let progress = LearningProgress(on: session.err)
        defer { progress.finish() }
        return try await Self.reading {
            try await open(subject) { step in if !quiet { progress.advance(to: step) } }
        }
    }

    /// The same where nothing can be said without the meaning of texts.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    func openedWithMeaning(_ subject: Subject, quiet: Bool = false, in session: Session) async throws -> Opened {
        let opened = try await opened(subject, quiet: quiet, in: session)
        guard opened.hashes != nil, opened.problem == nil else {
            throw CommandFailure(
                .unavailable, "the meaning of texts cannot be looked at: \(opened.problem ?? "nothing was learned")")
        }
        return opened
    }

    func cases(of path: String) throws -> [GoldenCase] {
        do { return try goldenCases(path) } catch { throw Self.failure(error) }
    }

    /// The thresholds and overrides of a policy's file, which has to be there.
    func ambiguity(of path: String) throws -> (ambiguity: AmbiguityGuard, hash: String) {
        do { return try ambiguity(path) } catch { throw Self.failure(error) }
    }

    func intents() throws -> IntentCatalog {
        do { return try catalog() } catch { throw Self.failure(error) }
    }

    private static func reading<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch { throw failure(error) }
    }

    /// What the faults of files are called.
    private static let faults: Set = [
        "unreadable_file", "file_too_large", "file_too_complex", "invalid_encoding", "invalid_yaml", "invalid_json",
        "unknown_key", "missing_key", "duplicate_key", "wrong_type", "invalid_value",
    ]

    /// A file's fault with its exit status; any other error as it is.
    private static func failure(_ error: any Error) -> any Error {
        guard let error = error as? any CodedError else { return error }
        if error.codeName == "missing_file" { return CommandFailure(.notFound, error.message) }
        return faults.contains(error.codeName) ? CommandFailure(.malformedData, error.message) : error
    }
}
