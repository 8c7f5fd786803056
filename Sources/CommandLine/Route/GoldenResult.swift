import OrchAgents
import OrchCore
import OrchOrchestrator
import OrchRouting

/// What came of one golden case.
struct GoldenResult: Sendable {
    let golden: GoldenCase
    /// The intent router's.
    let decision: IntentDecision
    /// The plain router's.
    let plain: IntentDecision
    let isMismatch: Bool
    /// Where it is not what must come out.
    let differences: [GoldenExpectation.Difference]

    var passed: Bool { differences.isEmpty }

    /// Decides on a case.
    ///
    /// - Throws: ``CommandFailure`` where its agent is not there, or the embedder failed: no report would be right then.
    static func run(_ golden: GoldenCase, _ router: RequestRouter, _ workbench: Workbench) async throws -> GoldenResult
    {
        let agent = try golden.agent.map { name in
            guard let agent = workbench.agents[name] else {
                throw CommandFailure(.malformedData, "case \(golden.id): there is no agent \(name)")
            }
            return agent
        }
        let routed = await router.route(golden.text.string, agent: agent)
        if case .none(let absence)? = routed.reading?.finding, absence.isFailure {
            throw CommandFailure(.unavailable, "case \(golden.id): the embedder failed: \(absence.rawValue)")
        }
        let decision = routed.shadow ?? routed.decision
        return GoldenResult(
            golden: golden, decision: decision, plain: routed.decision,
            isMismatch: routed.isShadowMismatch ?? false, differences: golden.expected.differences(from: decision))
    }
}
