import HTTPTypes
import HummingbirdCore
import NIOCore
package import OrchAgents
package import OrchCore
package import OrchOrchestrator

/// What the routes need, and the routes themselves.
package struct Endpoints: Sendable {
    let chat: ChatPipeline
    let embeddings: EmbeddingPipeline
    let tools: ToolPipeline
    let directory: ModelDirectory
    let agents: @Sendable () -> AgentCatalog
    let readiness: @Sendable () async -> Readiness
    /// nil where ORCH_METRICS_ENABLED is off.
    let metrics: (@Sendable () -> [UInt8])?
    let startedAt: Timestamp
    let version: String

    package init(
        chat: ChatPipeline, embeddings: EmbeddingPipeline, tools: ToolPipeline, directory: ModelDirectory,
        agents: @escaping @Sendable () -> AgentCatalog, readiness: @escaping @Sendable () async -> Readiness,
        metrics: (@Sendable () -> [UInt8])?, startedAt: Timestamp, version: String
    ) {
        self.chat = chat
        self.embeddings = embeddings
        self.tools = tools
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
            agentList, agent, agentChat,
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
        case modelServer = "model_server"
    }
}
