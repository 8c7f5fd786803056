import NIOHTTP1
import OrchCore
import OrchOrchestrator

extension Endpoints {
    var auditVerification: Route {
        let audit = self.audit
        return Route(
            method: .POST, template: "/v1/audit/verify",
            operation: Operation(
                summary: "Whether a trace is as it was, in the log, and under the policy in force.", tag: "audit",
                request: AuditDesk.requestSchema, response: AuditDesk.verdictSchema),
            handle: { incoming in
                .json(try await Self.open(audit).verify(try await incoming.body(), caller: incoming.caller))
            })
    }

    var auditCheckpoint: Route {
        let audit = self.audit
        return Route(
            method: .GET, template: "/v1/audit/checkpoint", access: auditAccess,
            operation: Operation(
                summary: "The newest signed tree head (C2SP tlog-checkpoint).", tag: "audit",
                otherMediaType: "text/plain"),
            handle: { _ in .text(try await Self.open(audit).checkpoint(), cacheControl: "no-cache") })
    }

    var auditProof: Route {
        let (audit, isPublic) = (self.audit, isAuditPublic)
        return Route(
            method: .GET, template: "/v1/audit/proof/{trace_id}", access: auditAccess,
            operation: Operation(
                summary: "The inclusion proof of a trace's leaf, with its checkpoint (C2SP tlog-proof).", tag: "audit",
                otherMediaType: "text/plain"),
            handle: { incoming in
                let caller = isPublic ? nil : incoming.caller
                return .text(try await Self.open(audit).proof(of: incoming.parameter, caller: caller))
            })
    }

    var auditConsistency: Route {
        let audit = self.audit
        return Route(
            method: .GET, template: "/v1/audit/consistency", access: auditAccess,
            operation: Operation(
                summary: "The proof that the log of one size is the beginning of the log of another.", tag: "audit",
                query: [
                    QueryParameter(
                        name: "from", summary: "The smaller size.", schema: ["type": "integer", "minimum": 1],
                        isRequired: true),
                    QueryParameter(
                        name: "to", summary: "The larger size; without it the log as it is.",
                        schema: ["type": "integer", "minimum": 1]),
                ],
                response: AuditDesk.consistencySchema),
            handle: { incoming in
                .json(try await Self.open(audit).consistency(from: incoming.query["from"], to: incoming.query["to"]))
            })
    }

    var auditTile: Route {
        let audit = self.audit
        return Route(
            method: .GET, template: "/v1/audit/tile/{level}/{index…}", access: auditAccess,
            operation: Operation(
                summary: "A tile of the tree's hashes (C2SP tlog-tiles); of level entries, for operators, the leaves.",
                tag: "audit", otherMediaType: "application/octet-stream"),
            handle: { incoming in
                let path = incoming.parameters.joined(separator: "/")
                let tile = try await Self.open(audit).tile(path, caller: incoming.caller)
                return Reply(
                    headers: [
                        "content-type": "application/octet-stream",
                        "cache-control": tile.isFull ? "max-age=31536000, immutable" : "max-age=60",
                    ],
                    body: .whole(tile.bytes))
            })
    }

    private var auditAccess: Route.Access { isAuditPublic ? .optionalBearer : .bearer }

    private static func open(_ audit: AuditDesk?) throws(ErrorBody) -> AuditDesk {
        guard let audit else {
            throw ErrorBody(
                status: 503, type: "service_unavailable", code: "receipts_disabled",
                message: "receipts are turned off (ORCH_TRACE_ENABLED=0)")
        }
        return audit
    }
}

extension Reply {
    fileprivate static func text(_ text: String, cacheControl: String? = nil) -> Reply {
        var reply = Reply(
            headers: ["content-type": "text/plain; charset=utf-8"],
            body: .whole(Array(text.utf8)))
        if let cacheControl { reply.headers.add(name: "cache-control", value: cacheControl) }
        return reply
    }
}
