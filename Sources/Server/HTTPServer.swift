package import Logging
package import NIOCore
import NIOPosix
package import OrchCore
package import ServiceLifecycle

/// Limits of the HTTP side.
package struct ServerLimits: Sendable {
    /// ORCH_MAX_REQUEST_BYTES.
    package var maximumBodyBytes: Int

    package init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }
}

/// Who may come in.
package struct AccessRules: Sendable {
    package var hosts: HostPolicy
    package var isAPIEnabled: Bool
    package var isBearerRequired: Bool
    package var tokens: BearerTokens
    /// nil where rate limiting is off.
    package var limiter: RateLimiter?
    package var failures: LoginFailures

    package init(
        hosts: HostPolicy, isAPIEnabled: Bool, isBearerRequired: Bool, tokens: BearerTokens, limiter: RateLimiter?,
        failures: LoginFailures
    ) {
        self.hosts = hosts
        self.isAPIEnabled = isAPIEnabled
        self.isBearerRequired = isBearerRequired
        self.tokens = tokens
        self.limiter = limiter
        self.failures = failures
    }
}

/// The HTTP server, on NIO's codec.
package struct HTTPServer: Sendable {
    private let responder: APIResponder
    /// Of every connection.
    var connectionLimits = ConnectionGuard.Limits()

    /// - Parameter observer: Makes, from the routes' templates, what is told of every request's end.
    package init(
        endpoints: Endpoints, access: AccessRules, limits: ServerLimits, now: @escaping Now,
        observer: (_ routeTemplates: [String]) -> @Sendable (RequestRecord) -> Void
    ) {
        let routes = RouteTable(endpoints.routes)
        responder = APIResponder(
            routes: routes,
            gate: Gate(
                hosts: access.hosts, isAPIEnabled: access.isAPIEnabled, isBearerRequired: access.isBearerRequired,
                tokens: access.tokens, limiter: access.limiter, failures: access.failures),
            limits: limits, now: now, observe: observer(routes.routes.map(\.template)))
    }

    /// The server as a service.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - onRunning: Told the port once connections are accepted.
    package func service(
        host: String, port: Int, maximumConnections: Int, group: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> any Service {
        ListeningService(
            host: host, port: port, group: group, connections: OpenConnections(maximum: maximumConnections),
            setup: ConnectionSetup(
                group: group, limits: connectionLimits, now: responder.now, respond: responder.respond,
                noteRefusal: responder.noteRefusal),
            logger: logger, onRunning: onRunning)
    }
}

/// Listens until it is told to stop, and then waits for the requests that are under way.
private struct ListeningService: Service {
    private static let backlog: Int32 = 1024

    let host: String
    let port: Int
    let group: any EventLoopGroup
    let connections: OpenConnections
    let setup: ConnectionSetup
    let logger: Logger
    let onRunning: @Sendable (Int) async -> Void

    func run() async throws {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time, so that the cap is exact.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionIntake(connections, logger: logger))
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try setup.configure(channel) }
            }
            .bind(host: host, port: port).get()
        await onRunning(listener.localAddress?.port ?? port)
        let ended = group.any().makePromise(of: Void.self)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await listener.closeFuture.get()
                // A listener that failed by itself ends the service like one that was told to stop.
                connections.stop(ended)
                try? await ended.futureResult.get()
            } onGracefulShutdown: {
                listener.close(promise: nil)
            }
        } onCancel: {
            listener.close(promise: nil)
            connections.closeAll()
        }
    }
}
