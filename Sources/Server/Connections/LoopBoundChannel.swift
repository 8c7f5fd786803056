import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A client's HTTP/1.1 connection whose requests run on its own event loop, and are cancelled when it closes.
struct LoopBoundChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    /// All of a request's head (request line and headers).
    static let maximumHeadBytes = 16 * 1024

    private let base: HTTP1Channel
    private let executors: [ObjectIdentifier: EventLoopTaskExecutor]

    /// - Parameter noteRefusal: Told of requests that are answered before they make one; returns their identity.
    init(
        responder: @escaping HTTPChannelHandler.Responder, group: any EventLoopGroup, limits: ConnectionGuard.Limits,
        noteRefusal: @escaping @Sendable (ErrorBody) -> String
    ) {
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits: limits, noteRefusal: noteRefusal)],
            idleTimeout: limits.keepAlive)
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: Self.maximumHeadBytes, maxHeaderListSize: Self.maximumHeadBytes,
            maxHeaderFieldCount: 128)
        base = HTTP1Channel(responder: responder, configuration: configuration)
        executors = Dictionary(
            group.makeIterator().map { (ObjectIdentifier($0), EventLoopTaskExecutor($0)) },
            uniquingKeysWith: { first, _ in first })
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let connectionGuard = try pipeline.handler(type: ConnectionGuard.self)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ArrivalWatch(connectionGuard), position: .first)
            try pipeline.addHandler(OldClientAdapter(), position: .after(decoder))
            try channel.syncOptions?.setOption(.socketOption(.tcp_nodelay), value: 1)
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        let base = self.base
        await withTaskExecutorPreference(executors[ObjectIdentifier(value.channel.eventLoop)]) {
            await withDiscardingTaskGroup { group in
                group.addTask { await base.handle(value: value, logger: logger) }
                // The connection's end, whoever brings it about, ends the request that is under way.
                try? await value.channel.closeFuture.get()
                group.cancelAll()
            }
        }
    }
}
