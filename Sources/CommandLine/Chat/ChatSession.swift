import OrchCore
import OrchOrchestrator
import OrchReceipts

/// A conversation at the command line.
struct ChatSession {
    let pipeline: ChatPipeline
    let agent: String?
    let printsJSON: Bool
    /// nil where receipts are off.
    let openTraces: (@Sendable () throws -> any TraceReader)?
    let terminal: Terminal

    private var history = ChatHistory()
    private var lastTrace: TraceID?

    /// The name in receipts: there is no token here.
    private static let caller = Caller(name: "command-line", isOperator: false)

    init(
        pipeline: ChatPipeline, agent: String?, printsJSON: Bool,
        openTraces: (@Sendable () throws -> any TraceReader)?, terminal: Terminal
    ) {
        self.pipeline = pipeline
        self.agent = agent
        self.printsJSON = printsJSON
        self.openTraces = openTraces
        self.terminal = terminal
    }

    private var out: Terminal.Output { terminal.standardOutput }

    /// Answers line by line until the end.
    ///
    /// - Returns: Whether a program that wrote the lines may take it that all went well.
    mutating func converse() async throws -> Bool {
        let prompts = terminal.standardInput.isTerminal && terminal.standardError.isTerminal
        if prompts { try terminal.standardError.write("Ask something; `help` says what else there is.\n") }
        var isGood = true
        while true {
            if prompts { try terminal.standardError.write("orch> ") }
            guard let line = try await terminal.standardInput.nextLine() else {
                if prompts { try terminal.standardError.write("\n") }
                break
            }
            switch ChatLine(line) {
            case .empty: continue
            case .quit: return isGood || prompts
            case .help: try out.write(ChatLine.summary + "\n")
            case .memory: try out.write(printsJSON ? Visible.json(history.json) + "\n" : history.text(out.palette))
            case .trace: if try await !showTrace() { isGood = false }
            case .question(let text): if try await !ask(text) { isGood = false }
            }
        }
        return isGood || prompts
    }

    /// Asks one question and prints the answer as it comes; what goes wrong is printed too.
    ///
    /// - Returns: Whether there was an answer, to its end.
    mutating func ask(_ question: String) async throws -> Bool {
        do {
            let body = history.body(asking: question, streams: !printsJSON)
            let answer: String?
            switch try await pipeline.answer(body, agentName: agent, caller: Self.caller) {
            case .whole(let bytes, let trace):
                lastTrace = trace
                answer = try show(whole: bytes)
            case .stream(let stream):
                lastTrace = stream.traceID
                answer = try await show(stream)
            }
            guard let answer else { return false }
            history.append(question: question, answer: answer)
            return true
        } catch let error as any CodedError {
            return try tell(error)
        } catch let failure as TracedFailure {
            lastTrace = failure.traceID ?? lastTrace
            return try tell(failure)
        }
    }

    // MARK: Answers

    private func show(whole bytes: [UInt8]) throws -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let content =
            try JSONDocument(parsing: bytes, limits: JSONLimits(allowsDuplicateKeys: true))
            .root["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string ?? ""
        if printsJSON { try out.write(Visible.json(text) + "\n") } else { try out.write(foreign: content + "\n") }
        return content
    }

    /// nil where the answer broke off.
    private func show(_ stream: ChatStream) async throws -> String? {
        var answer = StreamedAnswer()
        try await stream.send { bytes in
            let new = try answer.take(bytes)
            if !new.isEmpty { try out.write(foreign: new) }
        }
        if !answer.text.isEmpty { try out.write("\n") }
        if let failure = answer.failure {
            _ = try tell(CommandFailure(.failure, failure))
            return nil
        }
        return answer.isComplete ? answer.text : nil
    }

    private func tell(_ error: any Error) throws -> Bool {
        _ = FailureReport(error).show(on: terminal)
        return false
    }

    // MARK: Receipts

    private func showTrace() async throws -> Bool {
        do {
            guard let openTraces else {
                throw CommandFailure(.unavailable, "receipts are off: set ORCH_TRACE_ENABLED=1")
            }
            guard let lastTrace, let trace = try await openTraces().trace(lastTrace) else {
                throw CommandFailure(.notFound, "there is no trace yet: ask something first")
            }
            let report = TraceReport(trace: trace)
            try out.write(printsJSON ? Visible.json(report.json) + "\n" : report.text(out.palette))
            return true
        } catch let error as any CodedError {
            return try tell(error)
        }
    }
}
