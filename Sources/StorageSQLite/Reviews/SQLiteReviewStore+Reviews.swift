import GRDB
package import OrchApprovals
package import OrchCore

extension SQLiteReviewStore: ReviewStore {
    package func enqueue(_ review: Review, announcing event: ReviewEvent?) async throws(ApprovalError) -> Review {
        let (limits, now) = (limits, now)
        return try await database.write { db in
            let moment = now()
            let same = try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM hitl_queue WHERE status = 'pending' AND requester = ? AND tool_name = ?
                        AND args_hash = ? AND agent IS ? AND expires_at > ? LIMIT 1
                    """,
                arguments: [
                    review.requester, review.tool, review.argumentsHash.hexadecimal, review.agent,
                    moment.description,
                ])
            if let same { return try Review(same) }
            let (all, own) = try Self.pending(db, review.requester, at: moment)
            guard all < limits.pending, own < limits.pendingOfOneRequester else {
                throw ApprovalError(
                    .queueFull,
                    own < limits.pendingOfOneRequester
                        ? "too many requests wait for a human" : "too many of your requests wait for a human")
            }
            try db.execute(
                sql: """
                    INSERT INTO hitl_queue(request_id, created_at, status, payload_json, kind, tool_name, args_hash,
                        requester, agent, expires_at, request_trace_id, decision_json)
                    VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    review.id, review.createdAt.description, review.payload?.json, review.kind.rawValue, review.tool,
                    review.argumentsHash.hexadecimal, review.requester, review.agent, review.expiresAt.description,
                    review.requestTrace, review.evidence,
                ])
            try announce(event, db)
            return review
        }
    }

    private static func pending(
        _ db: Database, _ requester: String, at moment: Timestamp
    ) throws -> (all: Int, own: Int) {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), coalesce(sum(requester = ?), 0) FROM hitl_queue
                WHERE status = 'pending' AND expires_at > ?
                """,
            arguments: [requester, moment.description])
        return (row?[0] ?? 0, row?[1] ?? 0)
    }

    package func review(_ id: String) async throws(ApprovalError) -> Review? {
        try await database.read { try Self.review($0, id) }
    }

    private static func review(_ db: Database, _ id: String) throws -> Review? {
        try Row.fetchOne(db, sql: "SELECT * FROM hitl_queue WHERE request_id = ?", arguments: [id]).map(Review.init)
    }

    package func reviews(
        status: ApprovalStatus?, requester: String?, before cursor: String?, limit: Int
    ) async throws(ApprovalError) -> [Review] {
        var conditions = ["request_id < ?"]
        // `g` sorts behind every identity.
        var arguments: StatementArguments = [cursor ?? "g"]
        if let status {
            conditions.append("status = ?")
            arguments += [status.rawValue]
        }
        if let requester {
            conditions.append("requester = ?")
            arguments += [requester]
        }
        arguments += [max(0, limit)]
        let sql = """
            SELECT * FROM hitl_queue WHERE \(conditions.joined(separator: " AND ")) ORDER BY request_id DESC LIMIT ?
            """
        return try await database.read { [arguments] db in
            try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                var review = try Review(row)
                (review.payload, review.note, review.result) = (nil, nil, nil)
                return review
            }
        }
    }

    package func decide(
        _ id: String, _ decision: Review.Decision, announcing event: ReviewEvent?
    ) async throws(ApprovalError) -> Review {
        let clock = now
        return try await database.write { db in
            guard let review = try Self.review(db, id) else { throw ApprovalError.noSuchReview }
            guard review.requester != decision.reviewer else { throw ApprovalError.ownReview }
            // Whatever the decision has waited for, this is when it is taken.
            let moment = clock()
            let now = moment.description
            let changed: Int
            switch decision.verdict {
            case .deny:
                try db.execute(
                    sql: """
                        UPDATE hitl_queue SET status = 'denied', reviewer = ?1, decided_at = ?2, ended_at = ?2,
                            note_json = ?3, decision_trace_id = ?4, payload_json = NULL
                        WHERE request_id = ?5 AND status = 'pending' AND expires_at > ?2
                        """,
                    arguments: [decision.reviewer, now, decision.note?.json, decision.trace, id])
                changed = db.changesCount
            case .approve(let claim, let edited):
                try db.execute(
                    sql: """
                        UPDATE hitl_queue SET status = 'claimed', reviewer = ?1, decided_at = ?2, note_json = ?3,
                            decision_trace_id = ?4, claim_owner = ?6, lease_ends_at = ?7,
                            args_hash = coalesce(?8, args_hash), payload_json = coalesce(?9, payload_json),
                            is_edited = ?8 IS NOT NULL
                        WHERE request_id = ?5 AND status = 'pending' AND expires_at > ?2
                        """,
                    arguments: [
                        decision.reviewer, now, decision.note?.json, decision.trace, id, claim.owner.name,
                        moment.advanced(by: claim.lease).description, edited?.argumentsHash.hexadecimal,
                        edited?.payload.json,
                    ])
                changed = db.changesCount
            }
            guard changed == 1, let decided = try Self.review(db, id) else {
                throw ApprovalError.isNotPending(review.status == .pending ? .expired : review.status)
            }
            try announce(event, db)
            database.noteDeletion()
            return decided
        }
    }

    package func finish(
        _ claim: Claim, _ end: ApprovalStatus.RunEnd, result: SealedText?, at moment: Timestamp,
        announcing event: ReviewEvent?
    ) async throws(ApprovalError) {
        try await database.write(.mustNotBeLost) { db in
            try db.execute(
                sql: """
                    UPDATE hitl_queue SET status = ?, ended_at = ?, result_json = ?, payload_json = NULL
                    WHERE request_id = ? AND claim_owner = ? AND status IN ('claimed', 'unknown')
                    """,
                arguments: [end.status.rawValue, moment.description, result?.json, claim.id, claim.owner.name])
            guard db.changesCount == 1 else { return }
            try announce(event, db)
            database.noteDeletion()
        }
    }

    package func sweepReviews(
        at moment: Timestamp, reborn: Claim.Owner?, announcing event: @escaping @Sendable (Review) -> ReviewEvent?
    ) async throws(ApprovalError) -> [Review] {
        let now = moment.description
        let condition = """
            (status = 'pending' AND expires_at <= ?1) OR (status = 'claimed' AND (lease_ends_at <= ?1 OR claim_owner IS ?2))
            """
        let arguments: StatementArguments = [now, reborn?.name ?? ""]
        // Nearly always there is nothing to do, and a look costs no write.
        let isDue = try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT 1 FROM hitl_queue WHERE \(condition) LIMIT 1", arguments: arguments) != nil
        }
        guard isDue else { return [] }
        return try await database.write { db in
            let due = try Row.fetchAll(
                db, sql: "SELECT * FROM hitl_queue WHERE \(condition) LIMIT 1000", arguments: arguments)
            return try due.map { row in
                var review = try Review(row)
                review.status = review.status == .pending ? .expired : .unknown
                review.payload = nil
                review.endedAt = moment
                try db.execute(
                    sql: "UPDATE hitl_queue SET status = ?, ended_at = ?, payload_json = NULL WHERE request_id = ?",
                    arguments: [review.status.rawValue, now, review.id])
                try announce(event(review), db)
                database.noteDeletion()
                return review
            }
        }
    }

    package func deleteReviews(endedBefore moment: Timestamp) async throws(ApprovalError) -> Int {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM hitl_queue WHERE ended_at < ?", arguments: [moment.description])
            if db.changesCount > 0 { database.noteDeletion() }
            return db.changesCount
        }
    }

    package func eraseContents(
        ofTrace trace: String, at moment: Timestamp, announcing event: @escaping @Sendable (Review) -> ReviewEvent?
    ) async throws(ApprovalError) -> Int {
        try await database.write { db in
            let reviews = try Row.fetchAll(
                db, sql: "SELECT * FROM hitl_queue WHERE request_trace_id = ?1 OR decision_trace_id = ?1",
                arguments: [trace]
            ).map(Review.init)
            guard !reviews.contains(where: { $0.status == .claimed }) else {
                throw ApprovalError(.notPending, "its review is being run: erase it when the run has ended")
            }
            for var review in reviews {
                if review.status == .pending {
                    (review.status, review.endedAt) = (.expired, moment)
                    try announce(event(review), db)
                }
                try db.execute(
                    sql: """
                        UPDATE hitl_queue SET payload_json = NULL, note_json = NULL, result_json = NULL, args_hash = '',
                            decision_json = NULL,
                            status = ?, ended_at = ?
                        WHERE request_id = ?
                        """, arguments: [review.status.rawValue, review.endedAt?.description, review.id])
            }
            database.noteDeletion()
            return reviews.count
        }
    }

    package func depth() async throws(ApprovalError) -> ReviewDepth {
        try await database.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT count(*), min(created_at) FROM hitl_queue WHERE status = 'pending'")
            return ReviewDepth(pending: row?[0] ?? 0, oldest: (row?[1] as String?).flatMap { Timestamp($0) })
        }
    }
}

extension Review {
    /// Reads a row of hitl_queue.
    fileprivate init(_ row: Row) throws {
        guard let status = ApprovalStatus(rawValue: row["status"] ?? ""), let kind = Kind(rawValue: row["kind"] ?? ""),
            let createdAt = Timestamp(row["created_at"] ?? ""), let expiresAt = Timestamp(row["expires_at"] ?? "")
        else { throw ApprovalError(.unavailable, "a stored review does not read back") }
        self.init(
            id: row["request_id"] ?? "", kind: kind, status: status, tool: row["tool_name"] ?? "",
            evidence: row["decision_json"], argumentsHash: ArgumentsHash(stored: row["args_hash"] ?? ""),
            requester: row["requester"] ?? "",
            agent: row["agent"], createdAt: createdAt, expiresAt: expiresAt, requestTrace: row["request_trace_id"],
            reviewer: row["reviewer"], decidedAt: (row["decided_at"] as String?).flatMap { Timestamp($0) },
            isEdited: row["is_edited"] ?? false, decisionTrace: row["decision_trace_id"],
            endedAt: (row["ended_at"] as String?).flatMap { Timestamp($0) },
            payload: (row["payload_json"] as String?).map(SealedText.init(stored:)),
            note: (row["note_json"] as String?).map(SealedText.init(stored:)),
            result: (row["result_json"] as String?).map(SealedText.init(stored:)))
    }
}
