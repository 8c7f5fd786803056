package import OrchCore
package import OrchReceipts

/// Lets operators look at what is stored of traces, without what may be a secret or somebody's text.
package struct TrustPanel: Sendable {
    package struct Settings: Sendable {
        /// Events that one query gives at most.
        package var maximumEvents: Int
        /// Longer values are cut.
        package var maximumValueCharacters: Int
        /// Whether sizes may be asked for.
        package var isDebugAllowed: Bool

        package init(maximumEvents: Int, maximumValueCharacters: Int, isDebugAllowed: Bool) {
            self.maximumEvents = maximumEvents
            self.maximumValueCharacters = maximumValueCharacters
            self.isDebugAllowed = isDebugAllowed
        }
    }

    /// What a stored trace is found to be. A closed set.
    enum Finding: String, CaseIterable {
        /// The chain is the one that was expected.
        case match
        case mismatch
        /// Without an expected hash: what is stored is what the leaf binds, and the leaf is in the signed log.
        case contentVerified = "content_verified"
        case contentMismatch = "content_mismatch"
        case retired
        case notInLog = "not_in_log"

        var isValid: Bool { self == .match || self == .contentVerified }
    }

    private let steps: any TrustReader
    private let log: any LogReader
    private let settings: Settings
    private let redactor: PayloadRedactor

    package init(
        steps: any TrustReader, log: any LogReader, settings: Settings, redact: @escaping Redact
    ) {
        self.steps = steps
        self.log = log
        self.settings = settings
        redactor = PayloadRedactor(maximumCharacters: settings.maximumValueCharacters, redact: redact)
    }

    /// `{"count","events":[…],"limit","complete"}`, newest first.
    ///
    /// - Parameter query: `limit`, `step_type`, `trace_id` and `debug`, each perhaps not there.
    package func events(_ query: [String: String]) async throws -> [UInt8] {
        let query = try EventQuery(query, settings)
        let found = try await steps.events(types: query.types, trace: query.traceID, limit: query.limit)
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.member("count", found.steps.count)
        writer.key("events")
        writer.beginArray()
        for step in found.steps {
            TrustEvent(step, redactor: redactor).write(to: &writer, withSizes: query.isDebug)
        }
        writer.endArray()
        writer.member("limit", query.limit)
        writer.member("complete", found.isComplete)
        writer.endObject()
        return writer.bytes
    }

    /// A trace with all of its steps and the chain over them, the first step first.
    package func report(on text: String) async throws -> [UInt8] {
        let (id, evidence) = try await evidence(of: text)
        let stored = evidence.stored
        let metadata = stored.flatMap { try? JSONValue(parsing: $0.metadata).objectValue }
        let steps = stored?.steps ?? []
        let chain = TraceChain(steps.map(\.hash))
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.member("trace_id", id.description)
        writer.member("created_at", orNull: stored.map { String(decoding: $0.createdAt, as: UTF8.self) })
        writer.member("status", orNull: metadata?["status"]?.stringValue)
        writer.member("metadata", metadata.map { .object(redactor.redact($0).shown) } ?? .null)
        writer.key("steps")
        writer.beginArray()
        for (step, link) in zip(steps, chain.links) {
            TrustEvent(step, redactor: redactor).write(to: &writer, link: link)
        }
        writer.endArray()
        writer.key("chain")
        writer.beginObject()
        writer.member("algorithm", TraceChain.algorithm)
        writer.member("head", chain.head)
        writer.member("length", chain.links.count)
        writer.endObject()
        writer.member("leaf_index", evidence.log.map { .integer($0.index) } ?? .null)
        writer.endObject()
        return writer.bytes
    }

    /// Whether a trace's chain is the one that somebody has kept, or without it whether its steps are what its leaf binds.
    package func verify(_ text: String, expectedHash: String?) async throws -> [UInt8] {
        let expected = try expectedHash.map { text throws(PipelineError) in
            guard let hash = MerkleHash(hexadecimal: text) else {
                throw PipelineError(
                    .invalidValue, "expected_hash must be 64 lower-case hexadecimal digits", parameter: "expected_hash")
            }
            return hash.hexadecimal
        }
        let (id, evidence) = try await evidence(of: text)
        let chain = TraceChain(evidence.stored?.steps.map(\.hash) ?? [])
        let finding: Finding =
            if let expected { expected == chain.head ? .match : .mismatch } else { try await find(id, evidence) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("trace_id", id.description)
        writer.member("valid", finding.isValid)
        writer.member("reason", finding.rawValue)
        writer.member("chain_hash", chain.head)
        writer.member("expected_hash", orNull: expected)
        writer.member("steps", chain.links.count)
        writer.endObject()
        return writer.bytes
    }

    private func evidence(of text: String) async throws -> (TraceID, TraceEvidence) {
        guard let id = TraceID(text), let evidence = try await log.evidence(of: id) else {
            throw PipelineError(.notFound, "there is no such trace")
        }
        return (id, evidence)
    }

    private func find(_ id: TraceID, _ evidence: TraceEvidence) async throws -> Finding {
        // The keys are read last, so that the one that signed is among them. Which policy is in force is not asked.
        let keys = try await log.keys().map(\.key)
        let verdict = TraceVerdict(
            id, evidence, keys: keys, policy: TraceVerdict.Policy(hash: nil, path: "", isEnforced: false))
        return switch verdict.reason {
        case .notInLog: .notInLog
        case .contentMismatch: .contentMismatch
        case .retired: .retired
        case .verified, .policyChanged, .policyMissing: .contentVerified
        }
    }
}
