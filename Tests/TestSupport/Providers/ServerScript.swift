package import OrchEgress

/// What a scripted server answers to each request.
package typealias ServerScript = @Sendable (ScriptedRequest) -> ScriptedReply

/// A request as a scripted server sees it.
package struct ScriptedRequest: Sendable {
    package var method: String
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(method: String, path: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a scripted server does with one request.
package struct ScriptedReply: Sendable {
    /// How the answer goes on behind its last piece.
    package enum Ending: Sendable {
        /// It ends as it should.
        case complete
        /// The connection breaks.
        case cutOff
        /// Nothing comes any more.
        case stalled
    }

    package var status: Int
    package var contentType: String?
    /// Seconds.
    package var retryAfter: Int?
    package var pieces: [[UInt8]]
    /// Before every piece.
    package var pause: Duration
    package var ending: Ending
    /// There is nobody to connect to.
    package var refusesConnection = false

    package init(
        status: Int = 200, contentType: String? = "application/json", retryAfter: Int? = nil, pieces: [[UInt8]],
        pause: Duration = .zero, ending: Ending = .complete
    ) {
        self.status = status
        self.contentType = contentType
        self.retryAfter = retryAfter
        self.pieces = pieces
        self.pause = pause
        self.ending = ending
    }

    /// A whole answer in one piece.
    package init(_ text: String, status: Int = 200, contentType: String? = "application/json") {
        self.init(status: status, contentType: contentType, pieces: [Array(text.utf8)])
    }

    /// Nobody listens.
    package static var refused: ScriptedReply {
        var reply = ScriptedReply(pieces: [])
        reply.refusesConnection = true
        return reply
    }
}

/// Plays a script to what is under test: in memory, or as a real server behind the real transport.
package protocol ScriptHost: Sendable {
    func play(
        _ script: @escaping ServerScript, _ body: (any OutboundHTTP, Endpoint) async throws -> Void
    ) async throws
}
