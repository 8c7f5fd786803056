package import OrchApprovals
package import OrchCore
package import OrchEgress

/// Delivers announcements to one receiver, over the server's one way out.
package struct WebhookSender: Sendable {
    /// What became of one delivery.
    package struct Delivery: Sendable {
        package enum Outcome: Sendable, Equatable {
            case delivered
            /// It can be tried again; the word says what went wrong.
            case failed(String)
        }

        package var outcome: Outcome
        /// The connection that was made, or refused.
        package var connection: ConnectionRecord?
    }

    /// One delivery: connecting, sending, and the whole answer.
    private static let timeout = Duration.seconds(10)
    /// Nothing is made of the answer's body.
    private static let maximumAnswerBytes = 64 << 10

    private let http: any OutboundHTTP
    private let endpoint: Endpoint
    private let path: String
    private let signature: WebhookSignature

    /// - Parameter path: With the query, beginning with `/`.
    package init(http: any OutboundHTTP, endpoint: Endpoint, path: String, secret: Redacted<String>) {
        self.http = http
        self.endpoint = endpoint
        self.path = path
        signature = WebhookSignature(secret: secret)
    }

    /// Delivers one event. Only an answer of 2xx counts; redirects are not followed.
    package func deliver(_ event: PendingEvent, at moment: Timestamp) async -> Delivery {
        let fields = signature.fields(id: event.id, seconds: moment.seconds, body: event.body)
        let request = OutboundRequest(
            .post, endpoint, path: path, headers: [("Content-Type", "application/json")] + fields, body: event.body,
            timeout: Self.timeout, maximumAnswerBytes: Self.maximumAnswerBytes)
        do throws(OutboundError) {
            let head = try await http.send(request).head
            let outcome: Delivery.Outcome =
                (200..<300).contains(head.status) ? .delivered : .failed("status_\(head.status)")
            return Delivery(outcome: outcome, connection: head.connected)
        } catch {
            return Delivery(outcome: .failed(error.codeName), connection: error.connection)
        }
    }
}
