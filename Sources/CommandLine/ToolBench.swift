package import OrchCore
package import OrchOrchestrator
package import OrchPolicy
package import OrchTools

/// What the commands about tools, their policy and reviews work with.
package struct ToolBench: Sendable {
    package var executor: ToolExecutor
    package var pipeline: ToolPipeline
    package var reviews: ReviewDesk
    /// The policy in force; nil where there is no file.
    package var policy: PolicyEngine?
    package var policyHash: String?
    package var policyPath: String
    /// What is wrong with its file.
    package var policyProblem: String?
    package var isPolicyEnforced: Bool
    /// Reads another policy.
    package var loadPolicy: @Sendable (_ path: String) throws -> PolicyEngine?
    /// What is wrong with manifests of tools: name, line, fault.
    package var problems: [String]
    package var now: Now

    package init(
        executor: ToolExecutor, pipeline: ToolPipeline, reviews: ReviewDesk, policy: PolicyEngine?, policyHash: String?,
        policyPath: String, policyProblem: String?, isPolicyEnforced: Bool,
        loadPolicy: @escaping @Sendable (_ path: String) throws -> PolicyEngine?, problems: [String] = [],
        now: @escaping Now
    ) {
        self.executor = executor
        self.pipeline = pipeline
        self.reviews = reviews
        self.policy = policy
        self.policyHash = policyHash
        self.policyPath = policyPath
        self.policyProblem = policyProblem
        self.isPolicyEnforced = isPolicyEnforced
        self.loadPolicy = loadPolicy
        self.problems = problems
        self.now = now
    }
}
