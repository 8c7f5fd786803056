import OrchAgents
import OrchCore
import OrchProviders
import OrchReceipts
import OrchTokens

extension ChatPipeline {
    // MARK: Whole answers

    func askModel(_ gateway: ModelGateway, _ turn: inout ChatTurn) async throws -> ChatAnswer {
        if settings.asksOtherMachines {
            turn.noteInput()
            try await recorder.open(&turn.trace)
        }
        let body = turn.outgoing
        let outcome = await gateway.complete(
            model: turn.selection?.model ?? "", inputTokens: turn.contextTokens, body: body.bytes(model:))
        let answer: ProviderAnswer
        var report: GuardReport?
        do throws(ProviderError) { answer = try guarded(try outcome.result.get(), &report) } catch {
            turn.noteInput()
            note(outcome.facts, error.codeName, usage: nil, &turn)
            throw error
        }
        let usage =
            answer.usage
            ?? Usage(promptTokens: turn.inputTokens, completionTokens: answer.tokens(by: turn.input.counter))
        turn.noteInput(output: usage.completionTokens)
        note(outcome.facts, "ok", usage: usage, &turn)
        note(report, &turn)
        let isTruncated = answer.exceeds(settings.maximumOutputCharacters)
        turn.trace.commit(
            .answer, to: answer.text(maximumCharacters: isTruncated ? settings.maximumOutputCharacters : nil))
        let receipt = try await recorder.close(&turn.trace, .ok)
        let bytes = answer.bytes(
            turn.extras(receipt, outputTokens: usage.completionTokens, isTruncated: isTruncated), usage: usage,
            created: turn.trace.trace.createdAt.seconds, maximumCharacters: settings.maximumOutputCharacters)
        return .whole(bytes, traceID: receipt?.traceID)
    }

    /// The answer as it may leave.
    private func guarded(
        _ document: JSONDocument, _ report: inout GuardReport?
    ) throws(ProviderError) -> ProviderAnswer {
        let answer = try ProviderAnswer(document)
        guard let outputGuard = settings.outputGuard else { return answer }
        var found = GuardReport()
        let clean = try outputGuard.apply(to: document, &found)
        report = found
        return try ProviderAnswer(clean)
    }

    // MARK: Streams

    /// Opens the provider's stream and receipts the opening; the rest happens while the answer is sent.
    func openStream(_ gateway: ModelGateway, _ turn: ChatTurn) async throws -> ChatAnswer {
        var turn = turn
        turn.noteInput()
        if settings.asksOtherMachines { try await recorder.open(&turn.trace) }
        let start = ContinuousClock.now
        let body = turn.outgoing
        let outcome = await gateway.stream(
            model: turn.selection?.model ?? "", inputTokens: turn.contextTokens, body: body.bytes(model:))
        turn.facts = outcome.facts
        let upstream: ChunkStream
        do throws(ProviderError) { upstream = try outcome.result.get() } catch {
            note(outcome.facts, error.codeName, usage: nil, &turn)
            throw try await failure(error, &turn)
        }
        do throws(ReceiptError) {
            if !turn.trace.isOpened { try await recorder.open(&turn.trace) }
        } catch {
            upstream.cancel()
            throw error
        }
        let opened = turn
        return .stream(
            ChatStream(traceID: recorder.isEnabled ? turn.trace.trace.id : nil) { send in
                var turn = opened
                try await relay(upstream, &turn, since: start, to: send)
            })
    }

    private func relay(
        _ upstream: ChunkStream, _ turn: inout ChatTurn, since start: ContinuousClock.Instant, to send: ChatStream.Sink
    ) async throws {
        let head = Completion(
            id: Completion.id(turn.trace.trace.id), created: turn.trace.trace.createdAt.seconds,
            model: turn.facts?.model ?? "", content: "", usage: Usage(promptTokens: 0, completionTokens: 0))
        var relay = StreamRelay(
            head: head, includesUsage: turn.request.includesUsage,
            maximumCharacters: settings.maximumOutputCharacters, count: StreamCount(turn.input.counter),
            answer: turn.trace.hasher(.answer))
        // nil where no guard is set: chunks then pass as they come.
        var guarded = settings.outputGuard.map { GuardedStream($0, choices: turn.request.choiceCount) }
        var isFirst = true
        do {
            while !relay.isTruncated, !(guarded?.isOver ?? false), let chunk = try await upstream.next() {
                if isFirst {
                    isFirst = false
                    if let facts = turn.facts { observe(.firstToken(start.duration(to: .now), facts)) }
                }
                guard guarded != nil else {
                    for out in relay.take(chunk) { try await send(ServerSentEvent.frame(out)) }
                    continue
                }
                for chunk in try guarded?.take(chunk) ?? [] where !relay.isTruncated {
                    for out in relay.take(chunk) { try await send(ServerSentEvent.frame(out)) }
                }
            }
            if relay.isTruncated || guarded?.isOver ?? false { upstream.cancel() }
            for chunk in try guarded?.finish() ?? [] where !relay.isTruncated {
                for out in relay.take(chunk) { try await send(ServerSentEvent.frame(out)) }
            }
            let usage = counted(relay, turn)
            endStream("ok", relay, guarded?.report, usage, start, &turn)
            let receipt = try await recorder.close(&turn.trace, .ok)
            for out in relay.finish(
                turn.extras(receipt, outputTokens: usage.completionTokens, isTruncated: relay.isTruncated),
                usage: usage)
            {
                try await send(ServerSentEvent.frame(out))
            }
            try await send(ServerSentEvent.done)
        } catch let error as ReceiptError {
            // The end is not on disk, so it is not told: the stream breaks off.
            upstream.cancel()
            try await send(ServerSentEvent.error(error))
        } catch let error as ProviderError where error.code != .cancelled {
            turn.trace.add(error: error)
            endStream(error.codeName, relay, guarded?.report, counted(relay, turn), start, &turn)
            _ = try await recorder.close(&turn.trace, .failed)
            try await send(ServerSentEvent.error(error))
        } catch {
            // The caller went away; a stream that had ended well by then stays as it was receipted.
            upstream.cancel()
            guard !turn.trace.isClosed else { return }
            endStream("cancelled", relay, guarded?.report, counted(relay, turn), start, &turn)
            _ = try await recorder.close(&turn.trace, .cancelled)
        }
    }

    private func endStream(
        _ outcome: String, _ relay: StreamRelay, _ report: GuardReport?, _ usage: Usage,
        _ start: ContinuousClock.Instant, _ turn: inout ChatTurn
    ) {
        turn.facts?.latency = start.duration(to: .now)
        turn.trace.commit(relay.answer)
        if let facts = turn.facts { note(facts, outcome, usage: usage, &turn) }
        note(report, &turn)
        turn.trace.addStreamEnd(
            outcome, finishReason: relay.finishReason.map(Self.recordable), isTruncated: relay.isTruncated)
    }

    /// A finish reason as a receipt may hold it: any other word than OpenAI's is the model server's own text.
    private static func recordable(_ reason: String) -> String {
        let known = ["stop", "length", "tool_calls", "content_filter", "function_call"]
        return known.contains(reason) ? reason : "other"
    }

    // MARK: Both

    private func note(_ facts: CallFacts, _ outcome: String, usage: Usage?, _ turn: inout ChatTurn) {
        turn.facts = facts
        turn.trace.addCall(facts, outcome: outcome, usage: usage)
        observe(.called(facts, usage: usage))
    }

    /// - Parameter report: nil where no guard is set.
    private func note(_ report: GuardReport?, _ turn: inout ChatTurn) {
        guard let report, let action = settings.outputGuard?.action else { return }
        turn.trace.addGuard(action.rawValue, report)
        observe(.guarded(outcome: report.outcome))
    }

    /// The provider's usage; where it gives none, our own count.
    private func counted(_ relay: StreamRelay, _ turn: ChatTurn) -> Usage {
        relay.usage ?? Usage(promptTokens: turn.inputTokens, completionTokens: relay.count.tokens)
    }
}
