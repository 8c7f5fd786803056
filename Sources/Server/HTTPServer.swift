import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
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

/// The HTTP server, on Hummingbird.
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
        // Hummingbird's own lines say nothing that ours do not.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder,
            server: HTTPServerBuilder { [responder, connectionLimits] in
                LoopBoundChannel(
                    responder: $0, group: group, limits: connectionLimits, noteRefusal: responder.noteRefusal)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(maximumConnections)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            eventLoopGroupProvider: .shared(group),
            logger: quiet)
    }
}
