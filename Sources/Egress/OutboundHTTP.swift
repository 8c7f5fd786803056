import OrchCore

/// The one way out: every outbound HTTP request of the server goes through an implementation of this port, which asks
/// the ``EgressPolicy`` before each connection.
package protocol OutboundHTTP: Sendable {
    /// Sends a request and gathers the whole answer.
    ///
    /// Cancelling the task closes the connection.
    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer

    /// Sends a request and returns at the answer's head; the body follows as it comes.
    ///
    /// Reading stops while nobody asks for more. The answer must be read to its end, or cancelled.
    func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream
}

/// A request to another program.
package struct OutboundRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST" }

    package var method: Method
    package var endpoint: Endpoint
    /// With the query, beginning with `/`.
    package var path: String
    /// Besides Host and Content-Length, which the transport writes.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// For ``OutboundHTTP/send(_:)`` the whole exchange; for ``OutboundHTTP/open(_:)`` the wait for the head, and for
    /// every further piece.
    package var timeout: Duration
    /// The largest answer that is taken.
    package var maximumAnswerBytes: Int

    package init(
        _ method: Method, _ endpoint: Endpoint, path: String, headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], timeout: Duration, maximumAnswerBytes: Int = 64 << 20
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumAnswerBytes = maximumAnswerBytes
    }
}

/// An answer's head.
package struct OutboundHead: Sendable {
    package var status: Int
    package var contentType: String?
    /// Retry-After, where the answer gave it in seconds.
    package var retryAfter: Duration?
    /// The connection that was made for this exchange; nil where a kept one served.
    package var connected: ConnectionRecord?

    package init(
        status: Int, contentType: String? = nil, retryAfter: Duration? = nil, connected: ConnectionRecord? = nil
    ) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.connected = connected
    }
}

/// A whole answer.
package struct OutboundAnswer: Sendable {
    package var head: OutboundHead
    package var body: [UInt8]

    package init(head: OutboundHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

/// An answer whose body is read piece by piece.
package struct OutboundStream: Sendable {
    package let head: OutboundHead
    /// The next piece, nil at the end.
    package let next: @Sendable () async throws(OutboundError) -> [UInt8]?
    /// Gives the rest up and closes the connection. Does nothing after the end.
    package let cancel: @Sendable () -> Void

    package init(
        head: OutboundHead, next: @escaping @Sendable () async throws(OutboundError) -> [UInt8]?,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.head = head
        self.next = next
        self.cancel = cancel
    }
}

/// What the guard did about a wish to connect.
package struct ConnectionRecord: Sendable, Equatable {
    package var endpoint: Endpoint
    /// Where the connection went; nil where it was refused.
    package var address: String?

    package init(endpoint: Endpoint, address: String?) {
        self.endpoint = endpoint
        self.address = address
    }
}

/// An exchange that did not come to its end.
package struct OutboundError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String {
            case refusedByPolicy = "egress_refused"
            case unresolvable = "name_not_resolved"
            case connectFailed = "connect_failed"
            case timedOut = "timed_out"
            case closedEarly = "connection_closed"
            case malformedAnswer = "malformed_answer"
            case tooLarge = "answer_too_large"
            case cancelled
            case poolExhausted = "too_many_connections"
        }
        private let value: Value
        /// The allow-list does not name the place.
        package static let refusedByPolicy = Code(value: .refusedByPolicy)
        package static let unresolvable = Code(value: .unresolvable)
        /// No connection came about, so nothing was sent.
        package static let connectFailed = Code(value: .connectFailed)
        package static let timedOut = Code(value: .timedOut)
        package static let closedEarly = Code(value: .closedEarly)
        package static let malformedAnswer = Code(value: .malformedAnswer)
        package static let tooLarge = Code(value: .tooLarge)
        package static let cancelled = Code(value: .cancelled)
        package static let poolExhausted = Code(value: .poolExhausted)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    /// The connection that was made, or refused, for the exchange.
    package var connection: ConnectionRecord?
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String, connection: ConnectionRecord? = nil) {
        self.code = code
        self.message = message
        self.connection = connection
    }
}
