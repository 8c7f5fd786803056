import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import OrchEgress
import Synchronization

/// Makes connections, each only after the policy has allowed the very address that it goes to.
final class EgressConnector: Sendable {
    /// No connection takes longer to come about.
    private static let maximumConnectTime = Duration.seconds(10)

    private let policy: EgressPolicy
    private let observe: @Sendable (EgressOutcome) -> Void
    /// Made at the first TLS connection: reading the system's certificates is slow and most set-ups need none.
    private let tls = Mutex<NIOSSLContext?>(nil)
    private let tlsConfiguration: TLSConfiguration

    init(
        policy: EgressPolicy, tlsConfiguration: TLSConfiguration, observe: @escaping @Sendable (EgressOutcome) -> Void
    ) {
        self.policy = policy
        self.tlsConfiguration = tlsConfiguration
        self.observe = observe
    }

    struct Connection: Sendable {
        let handler: NIOLoopBound<ConnectionHandler>
        let record: ConnectionRecord
    }

    /// Resolves the endpoint's name once, checks every address, and connects to the first allowed one that answers.
    func connect(
        to endpoint: Endpoint, lane: NIOLoopBound<ConnectionPool.Lane>, timeout: Duration
    ) -> EventLoopFuture<Connection> {
        let loop = lane.eventLoop
        guard policy.mayResolve(endpoint) else {
            observe(.refused)
            return loop.makeFailedFuture(Self.refusal(of: endpoint))
        }
        let limit = TimeAmount(min(timeout, Self.maximumConnectTime))
        return resolve(endpoint, on: loop)
            .flatMap { addresses in
                let allowed = addresses.filter { address in
                    address.ipAddress.flatMap { IPAddress($0) }.map { self.policy.allows($0, for: endpoint) } ?? false
                }
                guard !allowed.isEmpty else {
                    self.observe(.refused)
                    return loop.makeFailedFuture(Self.refusal(of: endpoint))
                }
                return self.connect(allowed[...], endpoint, lane: lane, limit: limit)
            }
    }

    private func connect(
        _ addresses: ArraySlice<SocketAddress>, _ endpoint: Endpoint, lane: NIOLoopBound<ConnectionPool.Lane>,
        limit: TimeAmount
    ) -> EventLoopFuture<Connection> {
        guard let address = addresses.first else {
            observe(.failed)
            return lane.eventLoop.makeFailedFuture(OutboundError(.connectFailed, "cannot connect to \(endpoint)"))
        }
        return ClientBootstrap(group: lane.eventLoop)
            .connectTimeout(limit)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.configure(channel, endpoint, lane: lane.value) }
            }
            .connect(to: address)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
                self.observe(.connected)
                return Connection(
                    handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
                    record: ConnectionRecord(endpoint: endpoint, address: address.ipAddress ?? "unknown")
                )
            }
            .flatMapError { _ in
                self.connect(addresses.dropFirst(), endpoint, lane: lane, limit: limit)
            }
    }

    private static func refusal(of endpoint: Endpoint) -> OutboundError {
        OutboundError(
            .refusedByPolicy, EgressError.refused(endpoint).message,
            connection: ConnectionRecord(endpoint: endpoint, address: nil))
    }

    private func configure(_ channel: any Channel, _ endpoint: Endpoint, lane: ConnectionPool.Lane) throws {
        let pipeline = channel.pipeline.syncOperations
        if endpoint.usesTLS {
            let name = IPAddress(endpoint.host) == nil ? endpoint.host : nil
            try pipeline.addHandler(NIOSSLClientHandler(context: tlsContext(), serverHostname: name))
        }
        try pipeline.addHandlers([
            RequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
            ConnectionHandler(lane: lane),
        ])
    }

    private func tlsContext() throws -> NIOSSLContext {
        try tls.withLock { context in
            if let context { return context }
            let made = try NIOSSLContext(configuration: tlsConfiguration)
            context = made
            return made
        }
    }

    /// The endpoint's addresses; an address stands for itself, a name is looked up off the event loop.
    private func resolve(_ endpoint: Endpoint, on loop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        if let literal = IPAddress(endpoint.host),
            let address = try? SocketAddress(ipAddress: literal.description, port: endpoint.port)
        {
            return loop.makeSucceededFuture([address])
        }
        return NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try Self.lookUp(endpoint) }
    }
}
