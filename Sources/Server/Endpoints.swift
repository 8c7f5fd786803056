package import OrchAgents
package import OrchCore
package import OrchOrchestrator

/// What the routes need, and the routes themselves.
package struct Endpoints: Sendable {
    let chat: ChatPipeline
    let embeddings: EmbeddingPipeline
    let tools: ToolPipeline
    let reviews: ReviewDesk
    /// nil where ORCH_TRACE_ENABLED is off.
    let audit: AuditDesk?
    /// Whether checkpoints, proofs and tiles of hashes are for everybody (ORCH_AUDIT_PUBLIC).
    let isAuditPublic: Bool
    /// nil where ORCH_TRUST_PANEL_ENABLED is off.
    let trust: TrustPanel?
    let directory: ModelDirectory
    let agents: @Sendable () -> AgentCatalog
    let readiness: @Sendable () async -> Readiness
    /// nil where ORCH_METRICS_ENABLED is off.
    let metrics: (@Sendable () -> [UInt8])?
    let startedAt: Timestamp
    let version: String

    package init(
        chat: ChatPipeline, embeddings: EmbeddingPipeline, tools: ToolPipeline, reviews: ReviewDesk,
        audit: AuditDesk?, isAuditPublic: Bool, trust: TrustPanel?, directory: ModelDirectory,
        agents: @escaping @Sendable () -> AgentCatalog,
        readiness: @escaping @Sendable () async -> Readiness, metrics: (@Sendable () -> [UInt8])?,
        startedAt: Timestamp, version: String
    ) {
        self.chat = chat
        self.embeddings = embeddings
        self.tools = tools
        self.reviews = reviews
        self.audit = audit
        self.isAuditPublic = isAuditPublic
        self.trust = trust
        self.directory = directory
        self.agents = agents
        self.readiness = readiness
        self.metrics = metrics
        self.startedAt = startedAt
        self.version = version
    }

    /// All routes. A new one is added here, and is then limited, documented, counted and tested like the others.
    var routes: [Route] {
        let api = [
            health, ready, metricsText, echo, chatCompletions, models, model, embeddingsRoute, toolList, toolExecution,
            toolApproval, reviewList, review, reviewApproval, reviewDenial, agentList, agent, agentChat,
            auditVerification, auditCheckpoint, auditProof, auditConsistency, auditTile,
            trustEvents, trustReport, trustVerification,
        ]
        return api + [openAPI(describing: api)]
    }
}

/// Whether the server can do its work.
package enum Readiness: Sendable, Equatable {
    case ready
    /// ORCH_ENABLE_API is off.
    case disabled
    case unready(Reason)

    /// What is down. A closed set, which names no secret.
    package enum Reason: String, Sendable, CaseIterable {
        case receiptLog = "receipt_log"
        case approvals
        case modelServer = "model_server"
    }
}
