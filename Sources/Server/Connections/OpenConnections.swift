import Logging
import NIOCore
import Synchronization

/// The connections that clients have open: counts them, tells them when the server stops, and closes what is left.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
        var isEmptied: EventLoopPromise<Void>?
        /// Told when a connection has closed while no more were taken.
        var onRoom: (@Sendable () -> Void)?
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Notes a connection until it closes. One that came while the server stops is told so at once.
    func add(_ channel: any Channel) {
        let isStopping = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isStopping
        }
        if isStopping { channel.pipeline.fireUserInboundEventTriggered(ConnectionGuard.ServerStops()) }
    }

    func remove(_ channel: any Channel) {
        let (emptied, onRoom) = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            defer { state.onRoom = nil }
            return (state.channels.isEmpty ? state.isEmptied : nil, state.onRoom)
        }
        emptied?.succeed()
        onRoom?()
    }

    /// Whether one more may be taken; if not, `onRoom` is told when one has closed.
    func hasRoom(orElse onRoom: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.channels.count >= maximum else { return true }
            state.onRoom = onRoom
            return false
        }
    }

    /// Lets what is under way end, and closes each connection after it; the promise succeeds when all have closed.
    func stop(_ promise: EventLoopPromise<Void>) {
        let channels = state.withLock { state in
            state.isStopping = true
            state.isEmptied = promise
            return Array(state.channels.values)
        }
        if channels.isEmpty { promise.succeed() }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ConnectionGuard.ServerStops()) }
    }

    /// Closes all of them at once.
    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}

/// On the listening socket: takes connections while there is room. Further ones wait in the kernel's queue.
final class ConnectionIntake: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private static let quietTime = TimeAmount.seconds(1)

    private let connections: OpenConnections
    private let logger: Logger
    private var reportedAt: NIODeadline?

    init(_ connections: OpenConnections, logger: Logger) {
        self.connections = connections
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        connections.add(channel)
        channel.closeFuture.whenComplete { [connections] _ in connections.remove(channel) }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        let reading = NIOLoopBound(context, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        if connections.hasRoom(orElse: { loop.execute { reading.value.read() } }) { context.read() }
    }

    /// The kernel gave no connection, as when the process has no descriptor left: said once a second at most.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard reportedAt.map({ .now() - $0 > Self.quietTime }) ?? true else { return }
        reportedAt = .now()
        logger.error("a connection could not be taken", metadata: ["error": "\(error)"])
    }
}
