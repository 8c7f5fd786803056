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
    private let state: NIOLoopBoundBox<State>

    private final class State {
        var lanes: [Endpoint: Lane] = [:]
        /// The one that was used last: most servers ask one model server.
        var last: Lane?
    }

    /// The connections to one endpoint.
    final class Lane {
        let endpoint: Endpoint
        fileprivate var idle: [ConnectionHandler] = []
        fileprivate var open: [ObjectIdentifier: ConnectionHandler] = [:]
        fileprivate var connecting = 0

        fileprivate init(_ endpoint: Endpoint) {
            self.endpoint = endpoint
        }

        /// Takes a connection back after an exchange.
        func keep(_ connection: ConnectionHandler) {
            idle.append(connection)
        }

        /// Forgets a connection that is closed or about to be.
        func discard(_ connection: ConnectionHandler) {
            open[ObjectIdentifier(connection)] = nil
            idle.removeAll { $0 === connection }
        }

        fileprivate func takeIdle() -> ConnectionHandler? {
            while let connection = idle.popLast() {
                if connection.isOpen, NIODeadline.now() - connection.lastUsed < maximumIdleTime { return connection }
                connection.abandon()
            }
            return nil
        }
    }

    init(loop: any EventLoop, connector: EgressConnector) {
        self.loop = loop
        self.connector = connector
        state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Begins the exchange on an idle connection, or on a new one.
    func start(_ exchange: Exchange, mayReuse: Bool) {
        let endpoint = exchange.request.endpoint
        let lane = lane(to: endpoint)
        if mayReuse, let connection = lane.takeIdle() {
            connection.begin(exchange, connected: nil)
            return
        }
        guard lane.open.count + lane.connecting < Self.maximumConnections else {
            exchange.fail(
                OutboundError(.poolExhausted, "\(Self.maximumConnections) connections to \(endpoint) are in use"))
            return
        }
        lane.connecting += 1
        exchange.awaitConnection()
        let bound = NIOLoopBound(lane, eventLoop: loop)
        connector.connect(to: endpoint, lane: bound, timeout: exchange.request.timeout).whenComplete { result in
            let lane = bound.value
            lane.connecting -= 1
            switch result {
            case .success(let connection):
                lane.open[ObjectIdentifier(connection.handler.value)] = connection.handler.value
                connection.handler.value.begin(exchange, connected: connection.record)
            case .failure(let error):
                exchange.fail(
                    error as? OutboundError ?? OutboundError(.connectFailed, "cannot connect to \(endpoint)"))
            }
        }
    }

    private func lane(to endpoint: Endpoint) -> Lane {
        if let last = state.value.last, last.endpoint == endpoint { return last }
        let lane = state.value.lanes[endpoint] ?? Lane(endpoint)
        state.value.lanes[endpoint] = lane
        state.value.last = lane
        return lane
    }

    func closeAll() -> EventLoopFuture<Void> {
        loop.flatSubmit {
            let connections = self.state.value.lanes.values.flatMap(\.open.values)
            return EventLoopFuture.andAllComplete(connections.compactMap { $0.close() }, on: self.loop)
        }
    }
}
