import GRDB
import OrchApprovals
import OrchCore
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

/// What a review holds of the decision that it comes from.
@Suite struct ReviewDecisionTests {
    private static let decision = #"{"reason":"hitl_ambiguous","gap":0.1}"#

    private static func review(_ number: Int = 1, _ kind: Review.Kind, evidence: String? = decision) -> Review {
        var review = ReviewFile.review(number)
        review.kind = kind
        review.evidence = evidence
        if kind == .chat { review.tool = Review.chat }
        return review
    }

    @Test(arguments: [Review.Kind.toolCall, .route, .chat])
    func `a review of any kind reads back with its decision, and without`(_ kind: Review.Kind) async throws {
        let file = try ReviewFile()
        for (number, evidence) in [(1, Self.decision), (2, nil)] {
            var review = Self.review(number, kind, evidence: evidence)
            review.agent = "agent-\(number)"
            #expect(try await file.store.enqueue(review, announcing: nil) == review)
            #expect(try await file.store.review(review.id) == review)
        }
        let listed = try await file.store.reviews(status: .pending, requester: nil, before: nil, limit: 9)
        #expect(listed.map(\.evidence) == [nil, Self.decision] && listed.allSatisfy { $0.kind == kind })
    }

    @Test func `the kinds are the words of the table`() async throws {
        let file = try ReviewFile()
        for (number, kind) in [Review.Kind.toolCall, .route, .chat].enumerated() {
            var review = Self.review(number + 1, kind)
            review.agent = "agent-\(number)"
            _ = try await file.store.enqueue(review, announcing: nil)
        }
        #expect(
            try await file.column("SELECT kind FROM hitl_queue ORDER BY request_id") == [
                "tool_call", "intent_route", "chat",
            ])
        try await file.store.database.write { try $0.execute(sql: "UPDATE hitl_queue SET kind = 'other'") }
        await #expect(throws: ApprovalError.self) { try await file.store.review(Self.review(1, .chat).id) }
    }

    @Test func `the decision stays when the request is gone`() async throws {
        let file = try ReviewFile()
        let review = Self.review(1, .chat)
        _ = try await file.store.enqueue(review, announcing: nil)
        let denied = try await file.store.decide(review.id, file.deny(2), announcing: nil)
        #expect(denied.evidence == Self.decision && denied.kind == .chat && denied.status == .denied)
        let kept = try #require(try await file.store.review(review.id))
        #expect(kept.payload == nil && kept.evidence == Self.decision)
        #expect(try await file.column("SELECT decision_json FROM hitl_queue") == [Self.decision])
    }

    // MARK: Files from before

    private static func makeOld(_ path: String, _ migrations: KeyValuePairs<String, String>) throws {
        let queue = try DatabaseQueue(path: path)
        var migrator = DatabaseMigrator()
        for (name, sql) in migrations { migrator.registerMigration(name) { try $0.execute(sql: sql) } }
        try migrator.migrate(queue)
        try queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO hitl_queue(request_id, created_at, status, payload_json, kind, tool_name, args_hash,
                        requester, expires_at)
                    VALUES ('old', ?, 'pending', 'sealed', 'tool_call', 'mark', 'hash', 'ann', ?)
                    """, arguments: [ReviewFile.start.description, ReviewFile.after(100).description])
        }
        try queue.close()
    }

    @Test func `a file of reviews from before has the column afterwards, and its reviews no decision`() async throws {
        let folder = try TemporaryFolder()
        try Self.makeOld(folder.path("reviews.db"), ["0001-reviews": ReviewDatabase.schema])
        let file = try ReviewFile(folder: folder)
        let old = try #require(try await file.store.review("old"))
        #expect(old.evidence == nil && old.kind == .toolCall && old.payload == SealedText(stored: "sealed"))
        let review = Self.review(2, .route)
        #expect(try await file.store.enqueue(review, announcing: nil) == review)
        #expect(try await file.store.review(review.id)?.evidence == Self.decision)
    }

    @Test func `a file of receipts from before has it, too`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("traces.db")
        let queue = try DatabaseQueue(path: path)
        try TraceDatabase.migrator.migrate(queue, upTo: "0002-reviews")
        try queue.close()
        let database = ReviewDatabase(sharing: try TraceDatabase(path: path))
        let store = SQLiteReviewStore(database, now: { ReviewFile.after(1) }, announces: false)
        let review = Self.review(1, .chat)
        _ = try await store.enqueue(review, announcing: nil)
        #expect(try await store.review(review.id) == review)
    }
}
