import NIOCore
package import NIOPosix
import NIOSSL
package import OrchEgress

/// The server's one way out: HTTP/1.1 over connections that the egress policy allowed, kept per event loop.
///
/// A request that starts on an event loop of the group stays on it: the connection is that loop's, so that an exchange
/// costs no change of thread.
package final class HTTPTransport: OutboundHTTP {
    private let group: MultiThreadedEventLoopGroup
    private let pools: [ObjectIdentifier: ConnectionPool]

    /// - Parameter observe: Told of every connection made or refused, for metrics.
    package convenience init(
        group: MultiThreadedEventLoopGroup, policy: EgressPolicy,
        observe: @escaping @Sendable (EgressOutcome) -> Void = { _ in }
    ) {
        self.init(group: group, policy: policy, tlsConfiguration: .makeClientConfiguration(), observe: observe)
    }

    /// - Parameter tlsConfiguration: Says which certificates are trusted.
    init(
        group: MultiThreadedEventLoopGroup, policy: EgressPolicy, tlsConfiguration: TLSConfiguration,
        observe: @escaping @Sendable (EgressOutcome) -> Void
    ) {
        self.group = group
        let connector = EgressConnector(policy: policy, tlsConfiguration: tlsConfiguration, observe: observe)
        let loops = Array(group.makeIterator())
        pools = Dictionary(
            loops.map { (ObjectIdentifier($0), ConnectionPool(loop: $0, connector: connector)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
        let stream = try await begin(request, mode: .whole)
        return OutboundAnswer(head: stream.head, body: stream.body)
    }

    package func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream {
        let begun = try await begin(request, mode: .stream)
        let exchange = begun.exchange
        return OutboundStream(
            head: begun.head,
            next: { () async throws(OutboundError) -> [UInt8]? in try await exchange.next() },
            cancel: { exchange.cancel() }
        )
    }

    /// Closes every kept connection.
    package func shutDown() async {
        for pool in pools.values { try? await pool.closeAll().get() }
    }

    private func begin(_ request: OutboundRequest, mode: Exchange.Mode) async throws(OutboundError) -> Exchange.Begun {
        let pool = currentPool()
        // A kept connection may turn out to be closed by its other end; then, and only then, the request goes out again.
        var isFirst = true
        while true {
            let exchange = Exchange(request: request, mode: mode, loop: pool.loop)
            do throws(OutboundError) {
                let mayReuse = isFirst
                return try await exchange.run { pool.start($0, mayReuse: mayReuse) }
            } catch {
                guard exchange.metStaleConnection, isFirst else { throw error }
                isFirst = false
            }
        }
    }

    private func currentPool() -> ConnectionPool {
        if let loop = MultiThreadedEventLoopGroup.currentEventLoop, let pool = pools[ObjectIdentifier(loop)] {
            return pool
        }
        let loop = group.next()
        return pools[ObjectIdentifier(loop)] ?? pools[pools.startIndex].value
    }
}

/// What became of a wish to connect.
package enum EgressOutcome: String, Sendable {
    case connected, refused, failed
}
