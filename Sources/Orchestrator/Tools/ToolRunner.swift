import OrchApprovals
import OrchCore
import OrchReceipts
package import OrchTools

/// The one way of every execution, whoever asks: known, arguments, policy, approval, opening receipt, sandbox or handler,
/// scrub and cap, and the step of the receipt.
package struct ToolRunner: Sendable {
    package let tools: ToolExecutor
    package let approvals: ApprovalDesk
    private let recorder: Recorder
    private let observe: @Sendable (PipelineEvent) -> Void

    package init(
        tools: ToolExecutor, approvals: ApprovalDesk, recorder: Recorder,
        observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.tools = tools
        self.approvals = approvals
        self.recorder = recorder
        self.observe = observe
    }

    /// Runs a call, under an approval where it needs one.
    ///
    /// What goes wrong with the call is in the result.
    ///
    /// - Parameters:
    ///   - policy: The tool policy at the moment when the trace began, which pins it.
    ///   - token: The caller's claim to an approval.
    /// - Throws: ``ApprovalError`` or ``ReceiptError`` where what must be kept cannot be. Nothing has run then, or it has
    ///   and its end could not be written: the approval's state is unknown in that case.
    func run(
        _ call: ToolCall, by policy: ToolPolicyCheck, approvalToken token: String? = nil, in trace: inout TraceBuilder
    ) async throws -> ToolResult {
        switch tools.admit(call, by: policy) {
        case .refused(let outcome):
            return note(outcome, &trace)
        case .admitted(let admitted):
            if !admitted.tool.safe, Task.isCancelled { return note(tools.refuse(admitted, .cancelled), &trace) }
            switch try await authorization(of: admitted, token, trace) {
            case .notNeeded:
                return try await perform(admitted, in: &trace) { _, _ in }
            case .refused(let reason, let reviewID):
                trace.addApproval(reviewID == nil ? "refused" : "queued", of: admitted.tool.name, reviewID, reason)
                let failure = ToolFailure.approvalRequired(reason: reason.rawValue, reviewID: reviewID)
                return note(tools.refuse(admitted, failure), &trace)
            case .claimed(let claim):
                trace.addApproval("claimed", of: admitted.tool.name, claim.id)
                return try await perform(admitted, in: &trace) { end, _ async throws(ApprovalError) in
                    try await approvals.finish(claim, end)
                }
            }
        }
    }

    /// Runs a call that a human has approved in a review; the claim is the caller's.
    ///
    /// - Parameters:
    ///   - policy: As in ``run(_:by:approvalToken:in:)``.
    ///   - finish: Told how it ended, whatever happens.
    func run(
        reviewed call: ToolCall, by policy: ToolPolicyCheck, in trace: inout TraceBuilder,
        finish: (ApprovalStatus.RunEnd, ToolResult?) async throws(ApprovalError) -> Void
    ) async throws -> ToolResult {
        switch tools.admit(call, by: policy) {
        case .refused(let outcome):
            let result = note(outcome, &trace)
            try await finish(.failed, result)
            return result
        case .admitted(let admitted):
            return try await perform(admitted, in: &trace, finish: finish)
        }
    }

    private func authorization(
        of call: AdmittedCall, _ token: String?, _ trace: TraceBuilder
    ) async throws(ApprovalError) -> ApprovalDesk.Authorization {
        do throws(ApprovalError) {
            return try await approvals.authorize(call, token: token, trace: trace.isReceipted ? trace.trace.id : nil)
        } catch {
            // It does not run, so it does not count.
            tools.withdraw(call)
            throw error
        }
    }

    private func perform(
        _ call: AdmittedCall, in trace: inout TraceBuilder,
        finish: (ApprovalStatus.RunEnd, ToolResult?) async throws(ApprovalError) -> Void
    ) async throws -> ToolResult {
        // A tool that is not safe may do something before its end can be receipted.
        if !call.tool.safe, !trace.isOpened {
            do throws(ReceiptError) { try await recorder.open(&trace) } catch {
                tools.withdraw(call)
                try await finish(.failed, nil)
                throw error
            }
        }
        // Whoever asked may have gone while the claim and the receipt were written.
        let hasGone = !call.tool.safe && Task.isCancelled
        let result = note(hasGone ? tools.refuse(call, .cancelled) : await tools.run(call), &trace)
        try await finish(result.isError ? .failed : .executed, result)
        return result
    }

    /// Notes how a call has ended, or that it was refused.
    func note(_ outcome: ToolOutcome, _ trace: inout TraceBuilder) -> ToolResult {
        let execution = outcome.execution
        let registered = execution.isSafe != nil ? execution.tool : nil
        trace.addExecution(execution, registered: registered != nil)
        observe(.ranTool(name: registered ?? "unknown", status: execution.status.rawValue))
        if let decision = execution.policy {
            observe(.decidedPolicy(decision.allowed ? decision.wouldDeny == nil ? .allowed : .wouldDeny : .denied))
        }
        return outcome.result
    }
}
