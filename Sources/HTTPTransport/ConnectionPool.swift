import NIOCore
import OrchEgress

/// One event loop's connections, idle and busy. Everything happens on that loop.
final class ConnectionPool: Sendable {
    /// Connections to one endpoint, per loop. Beyond it a request is refused, never queued.
    static let maximumConnections = 1024
    /// An idle connection older than this is not trusted any more.
    static let maximumIdleTime = TimeAmount.seconds(50)

    let loop: any EventLoop
    private let connector: EgressConnector
    private let state: NIOLoopBoundBox<[Endpoint: Slots]>

    private struct Slots {
        var idle: [ConnectionHandler] = []
        var open: [ObjectIdentifier: ConnectionHandler] = [:]
        var connecting = 0
    }

    init(loop: any EventLoop, connector: EgressConnector) {
        self.loop = loop
        self.connector = connector
        state = NIOLoopBoundBox.makeBoxSendingValue([:], eventLoop: loop)
    }

    /// Begins the exchange on an idle connection, or on a new one.
    func start(_ exchange: Exchange, mayReuse: Bool) {
        let endpoint = exchange.request.endpoint
        if mayReuse, let connection = takeIdle(endpoint) {
            connection.begin(exchange, connected: nil)
            return
        }
        let slots = state.value[endpoint] ?? Slots()
        guard slots.open.count + slots.connecting < Self.maximumConnections else {
            exchange.fail(
                OutboundError(.poolExhausted, "\(Self.maximumConnections) connections to \(endpoint) are in use"))
            return
        }
        state.value[endpoint, default: Slots()].connecting += 1
        connector.connect(to: endpoint, pool: self, timeout: exchange.request.timeout).whenComplete { result in
            self.state.value[endpoint]?.connecting -= 1
            switch result {
            case .success(let connection):
                self.state.value[endpoint]?.open[ObjectIdentifier(connection.handler.value)] = connection.handler.value
                connection.handler.value.begin(exchange, connected: connection.record)
            case .failure(let error):
                exchange.fail(
                    error as? OutboundError ?? OutboundError(.connectFailed, "cannot connect to \(endpoint)"))
            }
        }
    }

    private func takeIdle(_ endpoint: Endpoint) -> ConnectionHandler? {
        while let connection = state.value[endpoint]?.idle.popLast() {
            if connection.isOpen, NIODeadline.now() - connection.lastUsed < Self.maximumIdleTime { return connection }
            connection.abandon()
        }
        return nil
    }

    /// Takes a connection back after an exchange.
    func keep(_ connection: ConnectionHandler, _ endpoint: Endpoint) {
        state.value[endpoint]?.idle.append(connection)
    }

    /// Forgets a connection that is closed or about to be.
    func discard(_ connection: ConnectionHandler, _ endpoint: Endpoint) {
        state.value[endpoint]?.open[ObjectIdentifier(connection)] = nil
        state.value[endpoint]?.idle.removeAll { $0 === connection }
    }

    func closeAll() -> EventLoopFuture<Void> {
        loop.flatSubmit {
            let connections = self.state.value.values.flatMap(\.open.values)
            return EventLoopFuture.andAllComplete(connections.compactMap { $0.close() }, on: self.loop)
        }
    }
}
