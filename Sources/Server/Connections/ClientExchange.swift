import NIOCore

/// One request and its answer, as the task that works on it sees them. The task runs on the connection's event loop.
struct ClientExchange: Sendable {
    let runner: NIOLoopBound<RequestRunner>
    let request: NIOLoopBound<RunningRequest>
    let head: RequestHead
    /// The client's address, without its port.
    let address: String

    /// Reads the whole body.
    ///
    /// - Throws: ``ErrorBody`` where it is larger; `CancellationError` where the client has gone.
    func body(upTo maximum: Int) async throws -> [UInt8] {
        let request = request.value
        if let result = request.takeBody(upTo: maximum) { return try result.get() }
        let runner = runner.value
        if head.isAskingToContinue { runner.askForBody() }
        return try await withCheckedThrowingContinuation { continuation in
            request.awaitBody(upTo: maximum, continuation)
            runner.readOn()
        }
    }

    /// Sends the whole answer.
    func answer(_ head: AnswerHead, _ body: [UInt8]) {
        let runner = runner.value
        // Whether anybody is there to get it is not known anyway.
        try? runner.send(.whole(head, body: body))
        runner.requestEnded()
    }

    /// Sends a stream: its head, what the body gives, its end.
    ///
    /// - Throws: What the body throws; the connection is then broken off.
    func stream(_ head: AnswerHead, _ body: (_ send: ([UInt8]) async throws -> Void) async throws -> Void) async throws
    {
        do {
            try runner.value.send(.head(head))
            try await body(send)
            try runner.value.send(.end)
        } catch {
            runner.value.breakOff()
            runner.value.requestEnded()
            throw error
        }
        runner.value.requestEnded()
    }

    /// Sends a piece, and returns when the connection takes more.
    private func send(_ bytes: [UInt8]) async throws {
        try runner.value.send(.piece(bytes))
        guard !runner.value.isWritable else { return }
        let request = request.value
        try await withCheckedThrowingContinuation { request.writer = $0 }
    }
}
