package import OrchCore
package import OrchOrchestrator
package import OrchPolicy
package import OrchTools

/// What the commands about tools, their policy and reviews work with.
package struct ToolBench: Sendable {
    package var executor: ToolExecutor
    package var pipeline: ToolPipeline
    package var reviews: ReviewDesk
    /// Ends what has expired, as a server does all the time.
    package var sweep: @Sendable () async throws -> Void
    package var policyHash: String?
    package var policyPath: String
    package var isPolicyEnforced: Bool
    /// Reads another policy.
    package var loadPolicy: @Sendable (_ path: String) throws -> PolicyEngine?
    /// What is wrong with manifests of tools: name, line, fault.
    package var problems: [String]
    package var now: Now

    package init(
        executor: ToolExecutor, pipeline: ToolPipeline, reviews: ReviewDesk,
        sweep: @escaping @Sendable () async throws -> Void, policyHash: String?, policyPath: String,
        isPolicyEnforced: Bool,
        loadPolicy: @escaping @Sendable (_ path: String) throws -> PolicyEngine?, problems: [String] = [],
        now: @escaping Now
    ) {
        self.executor = executor
        self.pipeline = pipeline
        self.reviews = reviews
        self.sweep = sweep
        self.policyHash = policyHash
        self.policyPath = policyPath
        self.isPolicyEnforced = isPolicyEnforced
        self.loadPolicy = loadPolicy
        self.problems = problems
        self.now = now
    }
}
