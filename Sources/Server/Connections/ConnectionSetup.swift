import NIOCore
import NIOHTTP1
import OrchCore

/// What stands in the pipeline of every client's connection.
struct ConnectionSetup: Sendable {
    /// All of a request's head (request line and headers).
    static let maximumHeadBytes = 16 * 1024
    private static let maximumFields = 128

    private let limits: ConnectionGuard.Limits
    private let now: Now
    private let executors: [ObjectIdentifier: EventLoopTaskExecutor]
    private let respond: @Sendable (ClientExchange) async -> Void
    private let noteRefusal: @Sendable (ErrorBody) -> String

    /// - Parameters:
    ///   - respond: Answers a request; runs on the connection's event loop, which is one of the group's.
    ///   - noteRefusal: Told of requests that are answered before they make one; returns their identity.
    init(
        group: any EventLoopGroup, limits: ConnectionGuard.Limits, now: @escaping Now,
        respond: @escaping @Sendable (ClientExchange) async -> Void,
        noteRefusal: @escaping @Sendable (ErrorBody) -> String
    ) {
        self.limits = limits
        self.now = now
        self.respond = respond
        self.noteRefusal = noteRefusal
        executors = Dictionary(
            group.makeIterator().map { (ObjectIdentifier($0), EventLoopTaskExecutor($0)) },
            uniquingKeysWith: { first, _ in first })
    }

    func configure(_ channel: any Channel) throws {
        let connectionGuard = ConnectionGuard(
            limits: limits, encoder: AnswerEncoder(now: now), noteRefusal: noteRefusal)
        let executor = executors[ObjectIdentifier(channel.eventLoop)] ?? EventLoopTaskExecutor(channel.eventLoop)
        var headLimits = NIOHTTPDecoderLimitConfiguration()
        headLimits.maxHeaderFieldSize = Self.maximumHeadBytes
        headLimits.maxHeaderListSize = Self.maximumHeadBytes
        headLimits.maxHeaderFieldCount = Self.maximumFields
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: headLimits)), connectionGuard,
            RequestRunner(executor: executor, respond: respond),
        ])
        try pipeline.addHandler(ArrivalWatch(connectionGuard), position: .first)
    }
}
