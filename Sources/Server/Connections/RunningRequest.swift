import NIOCore

/// A request whose head has come: its body as it comes, and who waits for it. All of it is its event loop's.
final class RunningRequest {
    let head: RequestHead
    /// nil until the request's work has begun.
    var task: Task<Void, Never>?
    /// Who waits until the connection takes more.
    var writer: CheckedContinuation<Void, any Error>?
    private(set) var hasWholeBody = false
    private var body: [UInt8] = []
    /// The rest is not kept.
    private var isBodyTooLarge = false
    private var reader: (maximum: Int, continuation: CheckedContinuation<[UInt8], any Error>)?
    private var isGone = false

    init(_ head: RequestHead) {
        self.head = head
    }

    /// Whether more of the body is wanted from the connection.
    var wantsBody: Bool { reader != nil }

    func receive(_ bytes: ByteBuffer) {
        guard !isBodyTooLarge else { return }
        body.append(contentsOf: bytes.readableBytesView)
        if let reader, body.count > reader.maximum { endReading(.failure(ErrorBody.tooLarge(reader.maximum))) }
    }

    func receiveEnd() {
        hasWholeBody = true
        if let reader { endReading(take(upTo: reader.maximum)) }
    }

    /// The body, if it is there or can be refused already.
    func takeBody(upTo maximum: Int) -> Result<[UInt8], any Error>? {
        if isGone { return .failure(CancellationError()) }
        return hasWholeBody || body.count > maximum ? take(upTo: maximum) : nil
    }

    /// Waits for the rest of the body.
    func awaitBody(upTo maximum: Int, _ continuation: CheckedContinuation<[UInt8], any Error>) {
        reader = (maximum, continuation)
    }

    /// The connection has closed: nobody waits for the answer any more.
    func clientIsGone() {
        isGone = true
        task?.cancel()
        if reader != nil { endReading(.failure(CancellationError())) }
        resumeWriter(throwing: CancellationError())
    }

    func resumeWriter(throwing error: (any Error)? = nil) {
        guard let writer else { return }
        self.writer = nil
        if let error { writer.resume(throwing: error) } else { writer.resume() }
    }

    private func take(upTo maximum: Int) -> Result<[UInt8], any Error> {
        guard body.count <= maximum else {
            isBodyTooLarge = true
            body = []
            return .failure(ErrorBody.tooLarge(maximum))
        }
        defer { body = [] }
        return .success(body)
    }

    private func endReading(_ result: Result<[UInt8], any Error>) {
        if case .failure = result {
            isBodyTooLarge = true
            body = []
        }
        let continuation = reader?.continuation
        reader = nil
        continuation?.resume(with: result)
    }
}
