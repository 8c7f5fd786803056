import OrchApprovals
package import OrchCore
import OrchReceipts
import OrchTools

/// What operators do: give approvals, look at what waits, and decide. What they approve is run, once.
package struct ReviewDesk: Sendable {
    private let runner: ToolRunner
    private let recorder: Recorder
    private let policies: @Sendable () -> Policies
    private let shelter: WorkShelter?
    private let chat: Chat?
    private let chatLimit: Duration
    private var desk: ApprovalDesk { runner.approvals }

    /// Answers a request that a human has let pass.
    package typealias Chat =
        @Sendable (_ body: [UInt8], _ agent: String?, _ caller: Caller, ReviewedRoute) async throws -> ChatAnswer

    /// - Parameters:
    ///   - shelter: Where what was approved runs on when who approved it has gone; nil: it is cancelled with the caller.
    ///   - chat: Answers requests for a model; nil: they cannot be approved here.
    ///   - chatLimit: How long that may take.
    package init(
        runner: ToolRunner, recorder: Recorder, policies: @escaping @Sendable () -> Policies,
        shelter: WorkShelter? = nil, chat: Chat? = nil, chatLimit: Duration = .zero
    ) {
        self.runner = runner
        self.recorder = recorder
        self.policies = policies
        self.shelter = shelter
        self.chat = chat
        self.chatLimit = chatLimit
    }

    package typealias Answer = (body: [UInt8], traceID: TraceID?)

    // MARK: Approvals

    /// Answers a `{"name","args","ttl_seconds"?}` body with an approval that another caller may use once.
    package func issue(_ body: [UInt8], caller: Caller) async throws -> Answer {
        let request = try ApprovalRequest(parsing: body)
        guard desk.settings.hasOperators else { throw ApprovalError.withoutOperators }
        let arguments = try checked(request.arguments, of: request.name)
        let moment = desk.now()
        let lifetime = request.lifetime ?? desk.settings.lifetime
        let approval = Approval(
            id: TraceID.generate(at: moment).description, tool: request.name,
            argumentsHash: ArgumentsHash(of: arguments), approver: caller.name, createdAt: moment,
            expiresAt: moment.advanced(by: lifetime))
        var trace = recorder.begin(route: "tools/approve", caller: caller, pins: policies().pins, request: body)
        do {
            try await desk.stores().approvals.issue(approval, announcing: .approval(approval))
            desk.observe(.approval(outcome: "issued"))
            trace.addApproval("issued", of: approval.tool, approval.id)
            let receipt = try await recorder.close(&trace, .ok)
            return (approval.json(receipt), receipt?.traceID)
        } catch let error as any CodedError {
            throw try await recorder.fail(&trace, error)
        }
    }

    // MARK: Reviews

    /// A page of the queue, newest first: everybody's for operators, else the caller's own.
    package func list(_ query: [String: String], caller: Caller) async throws -> [UInt8] {
        let query = try ReviewQuery(query)
        let found = try await desk.stores().reviews.reviews(
            status: query.status, requester: caller.isOperator ? nil : caller.name, before: query.cursor,
            limit: query.limit + 1)
        return ReviewPage(reviews: Array(found.prefix(query.limit)), hasMore: found.count > query.limit).json
    }

    /// One item, with what was asked for while it is stored, and the result.
    package func show(_ id: String, caller: Caller) async throws -> [UInt8] {
        try view(try await found(id, caller), arguments: true).json(nil)
    }

    /// Decides on an item by a `{"note"?}` body: its request is deleted and never runs.
    package func deny(_ id: String, _ body: [UInt8], caller: Caller) async throws -> Answer {
        let request = try DecisionRequest(parsing: body, takesArguments: false)
        let review = try await decidable(id, caller)
        var trace = recorder.begin(route: "hitl/deny", caller: caller, pins: policies().pins, request: body)
        do {
            let decision = Review.Decision(
                .deny, by: caller.name, note: try sealed(request.note, of: id), trace: trace.id)
            let denied = try await desk.stores().reviews.decide(
                id, decision, announcing: event(review, .denied, by: caller))
            desk.observe(.review(outcome: ApprovalStatus.denied.rawValue))
            trace.addApproval("denied", of: review.tool, id)
            let view = try view(denied, arguments: false)
            let receipt = try await recorder.close(&trace, .ok)
            return (view.json(receipt), receipt?.traceID)
        } catch let error as any CodedError {
            throw try await recorder.fail(&trace, error)
        }
    }

    /// Decides on an item by a `{"note"?,"args"?}` body: its request, with other arguments where there are any, runs now.
    package func approve(_ id: String, _ body: [UInt8], caller: Caller) async throws -> Answer {
        let request = try DecisionRequest(parsing: body, takesArguments: true)
        guard desk.settings.hasOperators else { throw ApprovalError.withoutOperators }
        let review = try await decidable(id, caller)
        try checkRunnable(review, isEdited: request.arguments != nil)
        let edited = try request.arguments.map { try checked($0, of: review.tool) }
        let arguments = try edited ?? stored(review)
        guard let shelter else {
            return try await approve(review, body, request.note, edited, arguments, by: caller)
        }
        return try await shelter.value {
            try await approve(review, body, request.note, edited, arguments, by: caller)
        }
    }

    /// Takes the decision, and runs the request.
    private func approve(
        _ review: Review, _ body: [UInt8], _ note: String?, _ edited: JSONObject?, _ arguments: JSONObject,
        by caller: Caller
    ) async throws -> Answer {
        let id = review.id
        let policies = policies()
        var trace = recorder.begin(route: "hitl/approve", caller: caller, pins: policies.pins, request: body)
        do {
            let limit = review.kind == .chat ? chatLimit : runner.tools.registry.tool(named: review.tool)?.timeout
            let claim = desk.claimRequest(lasting: limit)
            let edit = try edited.map { edited in
                Review.Edit(
                    argumentsHash: ArgumentsHash(of: edited),
                    payload: try desk.stores().cipher.seal(edited.canonical, .payload, of: id))
            }
            let decision = Review.Decision(
                .approve(claim, edited: edit), by: caller.name, note: try sealed(note, of: id), trace: trace.id)
            _ = try await desk.stores().reviews.decide(id, decision, announcing: event(review, .approved, by: caller))
            desk.observe(.review(outcome: ApprovalStatus.approved.rawValue))
            trace.addApproval("approved", of: review.tool, id, edited: edited != nil)
            trace.commit(.arguments, to: arguments.canonical)
            let running = Claim(id: id, owner: claim.owner)
            if review.kind == .chat {
                try await answer(review, arguments, by: caller, running, &trace)
            } else {
                try await run(review, arguments, policies, by: caller, running, &trace)
            }
            let ended = try view(try await found(id, caller), arguments: false)
            let receipt = try await recorder.close(&trace, .ok)
            return (ended.json(receipt), receipt?.traceID)
        } catch let error as any CodedError {
            throw try await recorder.fail(&trace, error)
        }
    }

    /// Has a model answer what was approved, in the name of who asked for it, and keeps the answer.
    private func answer(
        _ review: Review, _ request: JSONObject, by caller: Caller, _ claim: Claim, _ trace: inout TraceBuilder
    ) async throws {
        var body = request
        // Nobody listens to a stream.
        (body["stream"], body["stream_options"]) = (nil, nil)
        var end = ApprovalStatus.RunEnd.failed
        var result = Array(#"{"status":"error","error":"chat_failed"}"#.utf8)
        do {
            let requester = Caller(name: review.requester, isOperator: false)
            let reviewed = ReviewedRoute(reviewID: review.id, operatorName: caller.name)
            if case .whole(let completion, _)? = try await chat?(
                JSONValue.object(body).serialized, review.agent, requester, reviewed)
            {
                (end, result) = (.executed, completion)
            }
        } catch let failure as TracedFailure {
            result = JSONValue.object(["status": "error", "error": .string(failure.error.codeName)]).serialized
        } catch let error as any CodedError {
            result = JSONValue.object(["status": "error", "error": .string(error.codeName)]).serialized
        }
        try await desk.stores().reviews.finish(
            claim, end, result: try desk.stores().cipher.seal(result, .result, of: review.id), at: desk.now(),
            announcing: event(review, end.status, by: caller))
        desk.observe(.review(outcome: end.status.rawValue))
        trace.commit(.answer, to: result)
    }

    /// Runs what was approved in the name of who asked for it, and keeps what came of it.
    private func run(
        _ review: Review, _ arguments: JSONObject, _ policies: Policies, by caller: Caller, _ claim: Claim,
        _ trace: inout TraceBuilder
    ) async throws {
        let call = ToolCall(review.tool, .object(arguments), caller: review.requester, agent: review.agent)
        let result = try await runner.run(reviewed: call, by: policies.tools, in: &trace) {
            end, result async throws(ApprovalError) in
            let json = result?.json ?? Array(#"{"status":"error","error":"receipts_unavailable"}"#.utf8)
            try await desk.stores().reviews.finish(
                claim, end, result: try desk.stores().cipher.seal(json, .result, of: review.id), at: desk.now(),
                announcing: event(review, end.status, by: caller))
            desk.observe(.review(outcome: end.status.rawValue))
        }
        trace.commit(.answer, to: result.json)
    }

    // MARK: Parts

    private func checkRunnable(_ review: Review, isEdited: Bool) throws(PipelineError) {
        guard review.kind == .chat else {
            guard runner.tools.registry.tool(named: review.tool) != nil else {
                throw PipelineError(.notFound, "this program has no tool \(review.tool): approve it where the tool is")
            }
            return
        }
        guard chat != nil else {
            throw PipelineError(
                .invalidValue, "requests for a model are approved at the server: POST /v1/hitl/{id}/approve")
        }
        guard !isEdited else {
            throw PipelineError(
                .invalidValue, "a request for a model runs as it was asked, or not at all", parameter: "args")
        }
    }

    /// An item that the caller may see: an operator all, others their own.
    private func found(_ id: String, _ caller: Caller) async throws(ApprovalError) -> Review {
        guard let review = try await desk.stores().reviews.review(id),
            caller.isOperator || review.requester == caller.name
        else {
            throw ApprovalError.noSuchReview
        }
        return review
    }

    /// An item that the caller may decide on now. The store checks again when it is decided.
    private func decidable(_ id: String, _ caller: Caller) async throws(ApprovalError) -> Review {
        let review = try await found(id, caller)
        guard review.requester != caller.name else { throw ApprovalError.ownReview }
        let isLate = review.status == .pending && review.expiresAt <= desk.now()
        guard review.status == .pending, !isLate else {
            throw ApprovalError.isNotPending(isLate ? .expired : review.status)
        }
        return review
    }

    /// Arguments that a tool of that name takes.
    private func checked(_ arguments: JSONValue, of tool: String) throws(PipelineError) -> JSONObject {
        guard let found = runner.tools.registry.tool(named: tool) else {
            throw PipelineError(
                .notFound, "there is no such tool: GET /v1/tools lists those there are", parameter: "name")
        }
        if let violation = runner.tools.registry.violation(of: found.name, arguments) {
            throw PipelineError(
                .invalidValue, "\(violation.path) \(violation.problem)", parameter: violation.path)
        }
        return arguments.objectValue ?? [:]
    }

    private func stored(_ review: Review) throws -> JSONObject {
        guard let payload = review.payload,
            let arguments = try JSONValue(parsing: try desk.stores().cipher.open(payload, .payload, of: review.id))
                .objectValue
        else { throw ApprovalError(.unreadable, "the stored request does not read back") }
        return arguments
    }

    private func sealed(_ note: String?, of id: String) throws(ApprovalError) -> SealedText? {
        guard let note else { return nil }
        return try desk.stores().cipher.seal(Array(note.utf8), .note, of: id)
    }

    private func event(_ review: Review, _ status: ApprovalStatus, by caller: Caller) -> ReviewEvent {
        var decided = review
        decided.reviewer = caller.name
        return .review(decided, status, at: desk.now())
    }

    private func view(_ review: Review, arguments: Bool) throws -> ReviewView {
        let cipher = try desk.stores().cipher
        var view = ReviewView(review: review)
        // What does not open under the key at hand is not shown; approving it says why.
        view.note = review.note.flatMap { try? cipher.open($0, .note, of: review.id) }
        view.result = review.result.flatMap { try? cipher.open($0, .result, of: review.id) }
        if arguments { view.arguments = review.payload.flatMap { try? cipher.open($0, .payload, of: review.id) } }
        return view
    }
}

extension TraceBuilder {
    /// The identity that others may name the trace by; nil where receipts are off.
    fileprivate var id: String? { isReceipted ? trace.id.description : nil }
}
