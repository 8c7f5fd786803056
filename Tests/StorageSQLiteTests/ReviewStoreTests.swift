import Foundation
import GRDB
import OrchApprovals
import OrchCore
import OrchTestSupport
import Testing

@testable import OrchStorageSQLite

/// A database of approvals and reviews in a folder of its own.
struct ReviewFile {
    let folder: TemporaryFolder
    let store: SQLiteReviewStore
    let clock = MovableClock(ReviewFile.after(1))
    static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    static let hash = ArgumentsHash(of: ["text": "one"])
    static let owner = Claim.Owner("server/1")

    init(folder: TemporaryFolder? = nil, limits: ReviewLimits = ReviewLimits(), announces: Bool = true) throws {
        self.folder = try folder ?? TemporaryFolder()
        store = SQLiteReviewStore(
            try ReviewDatabase(path: self.folder.path("reviews.db")), limits: limits, now: clock.now,
            announces: announces)
    }

    static func after(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    static func approval(_ id: String = "a1", tool: String = "mark") -> Approval {
        Approval(
            id: id, tool: tool, argumentsHash: hash, approver: "op", createdAt: start, expiresAt: after(100))
    }

    /// What a run is claimed with, at a moment that the clock is set to.
    func request(_ owner: Claim.Owner = owner, at seconds: Int = 1) -> ClaimRequest {
        clock.set(Self.after(seconds))
        return ClaimRequest(owner: owner, lease: .seconds(10))
    }

    func approve(_ seconds: Int, by reviewer: String = "op", edited: Review.Edit? = nil) -> Review.Decision {
        Review.Decision(
            .approve(request(at: seconds), edited: edited), by: reviewer, note: SealedText(stored: "note"),
            trace: "decision")
    }

    func deny(_ seconds: Int, by reviewer: String = "op") -> Review.Decision {
        clock.set(Self.after(seconds))
        return Review.Decision(.deny, by: reviewer)
    }

    static func review(_ number: Int = 1, requester: String = "ann", hash: ArgumentsHash = hash) -> Review {
        Review(
            id: TraceID(at: after(number), random: (0, UInt64(number))).description, tool: "mark", argumentsHash: hash,
            requester: requester, agent: nil, createdAt: after(number), expiresAt: after(number + 100),
            requestTrace: "trace-\(number)", payload: SealedText(stored: "sealed-\(number)"))
    }

    func claim(
        _ id: String = "a1", tool: String = "mark", _ hash: ArgumentsHash = hash, caller: String = "ann", at: Int = 1
    ) async throws(ApprovalError) -> Result<Claim, ApprovalRefusal>? {
        try await store.claim(id, tool: tool, hash, caller: caller, request(at: at))
    }

    func column(_ sql: String) async throws -> [String] {
        try await store.database.pool.read { try String.fetchAll($0, sql: sql) }
    }
}

@Suite struct ApprovalStoreTests {
    @Test func `an approval is claimed once, and how its run ended is kept`() async throws {
        let file = try ReviewFile()
        try await file.store.issue(ReviewFile.approval(), announcing: nil)
        let claim = try await file.claim()?.get()
        #expect(claim == Claim(id: "a1", owner: ReviewFile.owner))
        #expect(try await file.claim() == .failure(.alreadyConsumed))
        try await file.store.finish(try #require(claim), .executed, at: ReviewFile.after(2))
        #expect(try await file.column("SELECT status FROM tool_approvals") == ["executed"])
        #expect(try await file.column("SELECT consumed_at FROM tool_approvals") == [ReviewFile.after(1).description])
        #expect(try await file.claim() == .failure(.alreadyConsumed))
    }

    @Test func `why an approval cannot be claimed is told in one order`() async throws {
        let file = try ReviewFile()
        let other = ArgumentsHash(of: [:])
        #expect(try await file.claim("none") == nil)
        try await file.store.issue(ReviewFile.approval(), announcing: nil)
        #expect(try await file.claim("a1", tool: "x", other, at: 200) == .failure(.toolMismatch))
        #expect(try await file.claim("a1", other, at: 200) == .failure(.argumentsHashMismatch))
        #expect(try await file.claim(at: 100) == .failure(.expired), "the end is not in time any more")
        for (status, reason) in [
            ("pending", ApprovalRefusal.pending), ("denied", .denied), ("unknown", .alreadyConsumed),
        ] {
            try await file.store.database.write { db in
                try db.execute(sql: "UPDATE tool_approvals SET status = ?", arguments: [status])
            }
            #expect(try await file.claim(tool: "x") == .failure(reason))
        }
    }

    @Test func `who gave an approval cannot use it, and does not use it up`() async throws {
        let file = try ReviewFile()
        try await file.store.issue(ReviewFile.approval(), announcing: nil)
        let error = await #expect(throws: ApprovalError.self) { try await file.claim(caller: "op") }
        #expect(error?.code == .selfApproval)
        #expect(try await file.claim() != nil)
    }

    @Test func `of 64 claims at once exactly one wins, in two connections on one file, round after round`() async throws
    {
        let one = try ReviewFile()
        let two = try ReviewFile(folder: one.folder)
        for round in 0..<1000 {
            let id = "a\(round)"
            try await one.store.issue(ReviewFile.approval(id), announcing: nil)
            let won = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for place in 0..<64 {
                    let file = place.isMultiple(of: 2) ? one : two
                    tasks.addTask {
                        try await file.claim(id, caller: "caller-\(place)")
                            == .success(Claim(id: id, owner: ReviewFile.owner))
                    }
                }
                return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
        }
    }

    @Test func `what has expired ends, and what an owner had claimed before it began anew is unknown`() async throws {
        let file = try ReviewFile()
        for id in ["late", "mine", "lease", "running"] {
            try await file.store.issue(ReviewFile.approval(id), announcing: nil)
        }
        _ = try await file.claim("mine")
        let other = Claim.Owner("server/2")
        _ = try await file.store.claim("lease", tool: "mark", ReviewFile.hash, caller: "ann", file.request(other))
        _ = try await file.store.claim(
            "running", tool: "mark", ReviewFile.hash, caller: "ann", file.request(other, at: 95))
        let swept = try await file.store.sweepApprovals(at: ReviewFile.after(100), reborn: ReviewFile.owner)
        #expect(swept == (1, 2))
        let states = try await file.column("SELECT approval_id || ' ' || status FROM tool_approvals ORDER BY 1")
        #expect(states == ["late expired", "lease unknown", "mine unknown", "running claimed"])
        #expect(try await file.store.sweepApprovals(at: ReviewFile.after(100), reborn: nil) == (0, 0))
        // A run that outlived its lease tells its end after all; nobody else's word counts.
        try await file.store.finish(Claim(id: "lease", owner: ReviewFile.owner), .executed, at: ReviewFile.after(101))
        #expect(try await file.column("SELECT status FROM tool_approvals WHERE approval_id = 'lease'") == ["unknown"])
        try await file.store.finish(Claim(id: "lease", owner: other), .executed, at: ReviewFile.after(101))
        #expect(try await file.column("SELECT status FROM tool_approvals WHERE approval_id = 'lease'") == ["executed"])
    }
}

@Suite struct ReviewStoreTests {
    @Test func `a review is kept as it was given, and found again`() async throws {
        let file = try ReviewFile()
        let review = ReviewFile.review()
        #expect(try await file.store.enqueue(review, announcing: nil) == review)
        #expect(try await file.store.review(review.id) == review)
        #expect(try await file.store.review("none") == nil)
        #expect(try await file.store.depth() == ReviewDepth(pending: 1, oldest: review.createdAt))
    }

    @Test func `the same call of the same requester waits once`() async throws {
        let file = try ReviewFile()
        let first = ReviewFile.review(1)
        _ = try await file.store.enqueue(first, announcing: nil)
        #expect(try await file.store.enqueue(ReviewFile.review(2), announcing: nil).id == first.id)
        let others = [
            ReviewFile.review(3, requester: "ben"), ReviewFile.review(4, hash: ArgumentsHash(of: [:])),
            ReviewFile.review(200),
        ]
        for other in others {
            file.clock.set(other.createdAt)
            #expect(try await file.store.enqueue(other, announcing: nil).id == other.id)
        }
    }

    @Test func `what has expired fills no queue, though nobody has swept it`() async throws {
        let file = try ReviewFile(limits: ReviewLimits(pending: 1, pendingOfOneRequester: 1, approvals: 1))
        _ = try await file.store.enqueue(ReviewFile.review(1), announcing: nil)
        try await file.store.issue(ReviewFile.approval("a1"), announcing: nil)
        let full = await #expect(throws: ApprovalError.self) {
            try await file.store.issue(ReviewFile.approval("a2"), announcing: nil)
        }
        #expect(full?.code == .queueFull && full?.message == "too many approvals wait to be used")
        file.clock.set(ReviewFile.after(101))
        _ = try await file.store.enqueue(ReviewFile.review(101), announcing: nil)
        try await file.store.issue(ReviewFile.approval("a2"), announcing: nil)
    }

    @Test func `a full queue refuses, and so does one that a requester has filled`() async throws {
        let file = try ReviewFile(limits: ReviewLimits(pending: 3, pendingOfOneRequester: 2))
        func add(_ number: Int, _ requester: String) async throws {
            _ = try await file.store.enqueue(
                ReviewFile.review(number, requester: requester, hash: ArgumentsHash(of: ["n": .integer(number)])),
                announcing: nil)
        }
        try await add(1, "ann")
        try await add(2, "ann")
        let own = await #expect(throws: ApprovalError.self) { try await add(3, "ann") }
        #expect(own?.code == .queueFull && own?.message == "too many of your requests wait for a human")
        try await add(4, "ben")
        let all = await #expect(throws: ApprovalError.self) { try await add(5, "cat") }
        #expect(all?.code == .queueFull && all?.message == "too many requests wait for a human")
    }

    @Test func `an approval claims, and the end deletes what was asked for and keeps what came of it`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        let decided = try await file.store.decide(review.id, file.approve(5), announcing: nil)
        #expect(decided.status == .claimed && decided.reviewer == "op" && decided.payload == review.payload)
        #expect(decided.argumentsHash == review.argumentsHash && !decided.isEdited)
        try await file.store.finish(
            Claim(id: review.id, owner: ReviewFile.owner), .executed, result: SealedText(stored: "result"),
            at: ReviewFile.after(6), announcing: nil)
        let ended = try #require(try await file.store.review(review.id))
        #expect(ended.status == .executed && ended.payload == nil && ended.result == SealedText(stored: "result"))
        #expect(ended.endedAt == ReviewFile.after(6) && ended.note == SealedText(stored: "note"))
    }

    @Test func `other arguments than asked for make another binding`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        let edited = Review.Edit(
            argumentsHash: ArgumentsHash(of: ["text": "two"]), payload: SealedText(stored: "sealed two"))
        let decided = try await file.store.decide(review.id, file.approve(5, edited: edited), announcing: nil)
        #expect(decided.isEdited && decided.argumentsHash == edited.argumentsHash)
        #expect(decided.payload == edited.payload)
    }

    @Test func `a denial deletes what was asked for`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        let denied = try await file.store.decide(
            review.id, file.deny(5, by: "op"), announcing: nil)
        #expect(denied.status == .denied && denied.payload == nil && denied.endedAt == ReviewFile.after(5))
    }

    @Test func `a decision is made once, in time, and not by who asks`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        func code(_ id: String, _ decision: Review.Decision) async -> ApprovalError.Code? {
            do throws(ApprovalError) {
                _ = try await file.store.decide(id, decision, announcing: nil)
                return nil
            } catch { return error.code }
        }
        #expect(await code("none", file.approve(5)) == .notFound)
        #expect(await code(review.id, file.approve(5, by: "ann")) == .selfApproval)
        #expect(await code(review.id, file.approve(101)) == .notPending, "it expires in this second")
        #expect(await code(review.id, file.approve(5)) == nil)
        #expect(await code(review.id, file.approve(6)) == .notPending)
        #expect(await code(review.id, file.deny(6, by: "op2")) == .notPending)
    }

    @Test func `of many decisions at once one is taken`() async throws {
        let one = try ReviewFile()
        let two = try ReviewFile(folder: one.folder)
        for number in 1...50 {
            let review = try await one.store.enqueue(
                ReviewFile.review(number, hash: ArgumentsHash(of: ["n": .integer(number)])), announcing: nil)
            let won = await withTaskGroup(of: Bool.self) { tasks in
                for place in 0..<16 {
                    let store = place.isMultiple(of: 2) ? one.store : two.store
                    let decision =
                        place.isMultiple(of: 3)
                        ? one.deny(number + 1, by: "op\(place)")
                        : one.approve(number + 1, by: "op\(place)")
                    tasks.addTask { (try? await store.decide(review.id, decision, announcing: nil)) != nil }
                }
                return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
        }
    }

    @Test func `what nobody decided expires, and a dead process's runs are unknown`() async throws {
        let file = try ReviewFile()
        func add(_ number: Int) async throws -> String {
            try await file.store.enqueue(
                ReviewFile.review(number, hash: ArgumentsHash(of: ["n": .integer(number)])), announcing: nil
            ).id
        }
        let (late, dead, waiting) = (try await add(1), try await add(2), try await add(50))
        _ = try await file.store.decide(dead, file.approve(90), announcing: nil)
        let ended = try await file.store.sweepReviews(at: ReviewFile.after(95), reborn: nil) { _ in nil }
        #expect(ended.isEmpty)
        let swept = try await file.store.sweepReviews(at: ReviewFile.after(101), reborn: ReviewFile.owner) {
            .review($0, at: ReviewFile.after(101))
        }
        #expect(Dictionary(uniqueKeysWithValues: swept.map { ($0.id, $0.status) }) == [late: .expired, dead: .unknown])
        #expect(try await file.store.review(late)?.payload == nil)
        #expect(try await file.store.review(dead)?.payload == nil)
        #expect(try await file.store.review(waiting)?.status == .pending)
        let events = try await file.column("SELECT json_extract(body_json, '$.type') FROM webhook_events ORDER BY 1")
        #expect(events == ["review.expired", "review.unknown"])
        // It was alive after all: the owner's word counts.
        try await file.store.finish(
            Claim(id: dead, owner: ReviewFile.owner), .executed, result: nil, at: ReviewFile.after(102), announcing: nil
        )
        #expect(try await file.store.review(dead)?.status == .executed)
    }

    @Test func `lists are newest first, by state and by requester, page by page`() async throws {
        let file = try ReviewFile()
        var ids: [String] = []
        for number in 1...5 {
            ids.append(
                try await file.store.enqueue(
                    ReviewFile.review(
                        number, requester: number == 3 ? "ben" : "ann", hash: ArgumentsHash(of: ["n": .integer(number)])
                    ),
                    announcing: nil
                ).id)
        }
        _ = try await file.store.decide(
            ids[4], file.deny(7, by: "op"), announcing: nil)
        func list(
            _ status: ApprovalStatus? = nil, _ requester: String? = nil, before: String? = nil, limit: Int = 10
        ) async throws -> [String] {
            try await file.store.reviews(status: status, requester: requester, before: before, limit: limit).map(\.id)
        }
        #expect(try await list() == ids.reversed())
        #expect(try await list(.pending) == ids[0..<4].reversed())
        #expect(try await list(nil, "ben") == [ids[2]])
        #expect(try await list(limit: 2) == [ids[4], ids[3]])
        #expect(try await list(before: ids[3], limit: 2) == [ids[2], ids[1]])
        let listed = try await file.store.reviews(status: nil, requester: nil, before: nil, limit: 9)
        #expect(listed.allSatisfy { $0.payload == nil && $0.note == nil && $0.result == nil })
    }

    @Test func `an erasure takes what people said, and ends what waits`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        #expect(try await file.store.eraseContents(ofTrace: "trace-2", at: ReviewFile.after(9)) { _ in nil } == 0)
        #expect(try await file.store.eraseContents(ofTrace: "trace-1", at: ReviewFile.after(9)) { _ in nil } == 1)
        let erased = try #require(try await file.store.review(review.id))
        #expect(erased.status == .expired && erased.payload == nil && erased.endedAt == ReviewFile.after(9))
        #expect(erased.argumentsHash.hexadecimal.isEmpty, "whoever guesses the arguments could check the guess by it")
    }

    @Test func `what is being run is not erased`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        _ = try await file.store.decide(review.id, file.approve(5), announcing: nil)
        for trace in ["trace-1", "decision"] {
            let error = await #expect(throws: ApprovalError.self) {
                try await file.store.eraseContents(ofTrace: trace, at: ReviewFile.after(9)) { _ in nil }
            }
            #expect(error?.message == "its review is being run: erase it when the run has ended")
        }
        #expect(try await file.store.review(review.id)?.payload != nil)
    }

    @Test func `of many that open a new file at once each finds it whole`() async throws {
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<4 {
                    tasks.addTask { _ = try ReviewDatabase(path: folder.path("reviews.db")) }
                    tasks.addTask { _ = try TraceDatabase(path: folder.path("trace.db")) }
                }
                try await tasks.waitForAll()
            }
        }
    }

    @Test func `approvals that can do nothing any more are deleted when they are too old`() async throws {
        let file = try ReviewFile()
        for id in ["used", "open"] { try await file.store.issue(ReviewFile.approval(id), announcing: nil) }
        let claim = try await file.claim("used")?.get()
        try await file.store.finish(try #require(claim), .failed, at: ReviewFile.after(2))
        #expect(try await file.store.deleteApprovals(issuedBefore: ReviewFile.start) == 0)
        #expect(try await file.store.deleteApprovals(issuedBefore: ReviewFile.after(1)) == 1)
        #expect(try await file.column("SELECT approval_id FROM tool_approvals") == ["open"])
    }

    @Test func `results are deleted when they are too old`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(), announcing: nil)
        _ = try await file.store.decide(
            review.id, file.deny(5, by: "op"), announcing: nil)
        _ = try await file.store.enqueue(ReviewFile.review(2), announcing: nil)
        #expect(try await file.store.deleteReviews(endedBefore: ReviewFile.after(5)) == 0)
        #expect(try await file.store.deleteReviews(endedBefore: ReviewFile.after(6)) == 1)
        #expect(try await file.store.depth().pending == 1)
    }

    @Test func `a database that is locked, or gone, fails closed`() async throws {
        let file = try ReviewFile()
        try await file.store.issue(ReviewFile.approval(), announcing: nil)
        try await file.store.database.pool.writeWithoutTransaction { db in
            try db.execute(sql: "ALTER TABLE tool_approvals RENAME TO gone")
            try db.execute(sql: "ALTER TABLE hitl_queue RENAME TO gone_too")
        }
        let error = await #expect(throws: ApprovalError.self) { try await file.claim() }
        #expect(error?.code == .unavailable && error?.codeName == "approvals_unavailable")
        #expect(error?.message == "the database of approvals did not take the write")
        await #expect(throws: ApprovalError.self) { try await file.store.review("x") }
        await #expect(throws: ApprovalError.self) { try await file.store.depth() }
    }

    @Test func `a file of receipts has the tables too, and one of a newer program is refused`() async throws {
        let store = try Store()
        let reviews = SQLiteReviewStore(ReviewDatabase(sharing: store.database), now: { ReviewFile.after(1) })
        _ = try await reviews.enqueue(ReviewFile.review(), announcing: nil)
        #expect(try await store.count("hitl_queue") == 1)

        let file = try ReviewFile()
        try await file.store.database.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('0099-later')")
        }
        let error = #expect(throws: ApprovalError.self) { try ReviewDatabase(path: file.folder.path("reviews.db")) }
        #expect(error?.message.contains("another version of this program") == true)
    }
}

@Suite struct EventOutboxTests {
    private func event(_ number: Int) -> ReviewEvent {
        .review(ReviewFile.review(number), at: ReviewFile.after(number))
    }

    @Test func `an event is written with its change, and taken by one at a time`() async throws {
        let file = try ReviewFile()
        let two = try ReviewFile(folder: file.folder)
        _ = try await file.store.enqueue(ReviewFile.review(1), announcing: event(1))
        let taken = try await file.store.takeDue(at: ReviewFile.after(1), leaseEnd: ReviewFile.after(60), limit: 10)
        #expect(taken.count == 1 && taken.first?.attempts == 0)
        #expect(try await two.store.takeDue(at: ReviewFile.after(59), leaseEnd: ReviewFile.after(99), limit: 9).isEmpty)
        #expect(
            try await two.store.takeDue(at: ReviewFile.after(60), leaseEnd: ReviewFile.after(99), limit: 9) == taken)
        let id = try #require(taken.first?.id)
        try await file.store.postpone(id, until: ReviewFile.after(200), attempts: 1)
        #expect(
            try await file.store.takeDue(at: ReviewFile.after(199), leaseEnd: ReviewFile.after(300), limit: 9).isEmpty)
        let again = try await file.store.takeDue(at: ReviewFile.after(200), leaseEnd: ReviewFile.after(300), limit: 9)
        #expect(again.map(\.attempts) == [1])
        try await file.store.remove(id)
        #expect(try await file.column("SELECT event_id FROM webhook_events").isEmpty)
    }

    @Test func `where nobody is to be told, nothing is kept`() async throws {
        let file = try ReviewFile(announces: false)
        _ = try await file.store.enqueue(ReviewFile.review(1), announcing: event(1))
        #expect(try await file.column("SELECT event_id FROM webhook_events").isEmpty)
    }

    @Test func `a change that is refused announces nothing`() async throws {
        let file = try ReviewFile()
        let review = try await file.store.enqueue(ReviewFile.review(1), announcing: nil)
        await #expect(throws: ApprovalError.self) {
            try await file.store.decide(
                review.id, file.deny(2, by: "ann"), announcing: event(2))
        }
        #expect(try await file.column("SELECT event_id FROM webhook_events").isEmpty)
    }
}
