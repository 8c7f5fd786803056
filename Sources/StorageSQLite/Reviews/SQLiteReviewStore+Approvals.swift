import GRDB
package import OrchApprovals
package import OrchCore

extension SQLiteReviewStore: ApprovalStore {
    package func issue(_ approval: Approval, announcing event: ReviewEvent?) async throws(ApprovalError) {
        let (metadata, now, limit) = (Metadata(approver: approval.approver), now, limits.approvals)
        try await database.write { db in
            let live = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM tool_approvals WHERE status = 'approved' AND expires_at > ?",
                arguments: [now().description])
            guard live ?? 0 < limit else {
                throw ApprovalError(.queueFull, "too many approvals wait to be used")
            }
            try db.execute(
                sql: """
                    INSERT INTO tool_approvals
                        (approval_id, tool_name, args_hash, created_at, expires_at, status, metadata_json)
                    VALUES (?, ?, ?, ?, ?, 'approved', ?)
                    """,
                arguments: [
                    approval.id, approval.tool, approval.argumentsHash.hexadecimal, approval.createdAt.description,
                    approval.expiresAt.description, metadata.json,
                ])
            try announce(event, db)
        }
    }

    package func claim(
        _ id: String, tool: String, _ arguments: ArgumentsHash, caller: String, _ request: ClaimRequest
    ) async throws(ApprovalError) -> Result<Claim, ApprovalRefusal>? {
        let now = now
        return try await database.write { db in
            // Whatever the call has waited for, this is when it is claimed.
            let moment = now()
            let found = try Row.fetchOne(db, sql: "SELECT * FROM tool_approvals WHERE approval_id = ?", arguments: [id])
            guard let found else { return nil }
            var metadata = Metadata(parsing: found["metadata_json"] ?? "")
            if let refusal = Self.refusal(found, tool, arguments, moment) { return .failure(refusal) }
            guard metadata.approver != caller else {
                throw ApprovalError(
                    .selfApproval, "who gave an approval cannot use it: another caller must make the call")
            }
            metadata.consumer = caller
            metadata.owner = request.owner.name
            metadata.leaseEndsAt = moment.advanced(by: request.lease).description
            // What was read holds in this transaction; the conditions stand here all the same, where the change is.
            try db.execute(
                sql: """
                    UPDATE tool_approvals SET status = 'claimed', consumed_at = ?1, metadata_json = ?2
                    WHERE approval_id = ?3 AND status = 'approved' AND tool_name = ?4 AND args_hash = ?5
                        AND expires_at > ?1
                    """,
                arguments: [moment.description, metadata.json, id, tool, arguments.hexadecimal])
            return db.changesCount == 1
                ? .success(Claim(id: id, owner: request.owner)) : .failure(.alreadyConsumed)
        }
    }

    package func finish(
        _ claim: Claim, _ end: ApprovalStatus.RunEnd, at moment: Timestamp
    ) async throws(ApprovalError) {
        try await database.write(.mustNotBeLost) { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT metadata_json FROM tool_approvals WHERE approval_id = ?", arguments: [claim.id])
            guard Metadata(parsing: row?["metadata_json"] ?? "").owner == claim.owner.name else { return }
            // Where the lease was over first, it is known now after all.
            try db.execute(
                sql: """
                    UPDATE tool_approvals SET status = ? WHERE approval_id = ? AND status IN ('claimed', 'unknown')
                    """,
                arguments: [end.status.rawValue, claim.id])
        }
    }

    package func sweepApprovals(
        at moment: Timestamp, reborn: Claim.Owner?
    ) async throws(ApprovalError) -> (expired: Int, unknown: Int) {
        // Nearly always there is nothing to do, and a look costs no write.
        let (late, dead) = try await database.read { db in
            let late = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM tool_approvals WHERE status = 'approved' AND expires_at <= ?",
                arguments: [moment.description])
            let claimed = try Row.fetchAll(
                db, sql: "SELECT approval_id, metadata_json FROM tool_approvals WHERE status = 'claimed'")
            let dead = claimed.filter { row in
                let metadata = Metadata(parsing: row["metadata_json"] ?? "")
                return (metadata.leaseEndsAt ?? "") <= moment.description
                    || reborn.map { $0.name == metadata.owner } ?? false
            }
            return (late ?? 0, dead.compactMap { $0["approval_id"] as String? })
        }
        guard late > 0 || !dead.isEmpty else { return (0, 0) }
        return try await database.write { db in
            try db.execute(
                sql: "UPDATE tool_approvals SET status = 'expired' WHERE status = 'approved' AND expires_at <= ?",
                arguments: [moment.description])
            let expired = db.changesCount
            var unknown = 0
            for id in dead {
                try db.execute(
                    sql: "UPDATE tool_approvals SET status = 'unknown' WHERE approval_id = ? AND status = 'claimed'",
                    arguments: [id])
                unknown += db.changesCount
            }
            return (expired, unknown)
        }
    }

    package func deleteApprovals(issuedBefore moment: Timestamp) async throws(ApprovalError) -> Int {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM tool_approvals
                    WHERE created_at < ? AND status NOT IN ('pending', 'approved', 'claimed')
                    """, arguments: [moment.description])
            return db.changesCount
        }
    }

    /// Why a stored approval cannot be claimed, in the order in which reasons are told.
    private static func refusal(
        _ row: Row, _ tool: String, _ arguments: ArgumentsHash, _ moment: Timestamp
    ) -> ApprovalRefusal? {
        let status = ApprovalStatus(rawValue: row["status"] ?? "") ?? .unknown
        let byStatus = ApprovalRefusal(status)
        if let byStatus, byStatus != .expired { return byStatus }
        if row["tool_name"] as String? != tool { return .toolMismatch }
        if row["args_hash"] as String? != arguments.hexadecimal { return .argumentsHashMismatch }
        return byStatus ?? ((row["expires_at"] ?? "") <= moment.description ? .expired : nil)
    }

    /// `metadata_json` of an approval.
    private struct Metadata {
        var approver: String
        /// Who used it.
        var consumer: String?
        var owner: String?
        var leaseEndsAt: String?

        init(approver: String) {
            self.approver = approver
        }

        init(parsing json: String) {
            let object = try? JSONValue(parsing: Array(json.utf8)).objectValue
            approver = object?["approver"]?.stringValue ?? ""
            consumer = object?["consumer"]?.stringValue
            owner = object?["claim_owner"]?.stringValue
            leaseEndsAt = object?["lease_ends_at"]?.stringValue
        }

        var json: String {
            var object: JSONObject = ["approver": .string(approver)]
            object["consumer"] = consumer.map(JSONValue.string)
            object["claim_owner"] = owner.map(JSONValue.string)
            object["lease_ends_at"] = leaseEndsAt.map(JSONValue.string)
            return String(decoding: object.canonical, as: UTF8.self)
        }
    }
}
