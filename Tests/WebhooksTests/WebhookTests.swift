import Crypto
import OrchApprovals
import OrchCore
import OrchEgress
import Synchronization
import Testing

@testable import OrchWebhooks

@Suite struct WebhookSignatureTests {
    /// The example of the Standard Webhooks specification.
    @Test func `the signature is that of Standard Webhooks`() {
        let secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let signature = WebhookSignature(secret: Redacted(secret))
        let fields = signature.fields(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(fields.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(fields[1].value == "1614265330")
        #expect(fields[2].value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a plain secret is its own bytes`() {
        let body = Array("{}".utf8)
        let fields = WebhookSignature(secret: Redacted("plain secret")).fields(id: "i", seconds: 5, body: body)
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array("i.5.{}".utf8), using: SymmetricKey(data: Array("plain secret".utf8)))
        #expect(fields[2].value == "v1," + Base64.encode(Array(mac)))
    }
}

@Suite struct WebhookSenderTests {
    /// Answers as it is told, and keeps what it was sent.
    private final class Receiver: OutboundHTTP {
        let sent = Mutex<[OutboundRequest]>([])
        let answer: Result<Int, OutboundError>

        init(_ answer: Result<Int, OutboundError>) {
            self.answer = answer
        }

        func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundAnswer {
            sent.withLock { $0.append(request) }
            let record = ConnectionRecord(endpoint: request.endpoint, address: "127.0.0.1")
            switch answer {
            case .success(let status):
                return OutboundAnswer(head: OutboundHead(status: status, connected: record), body: [])
            case .failure(let error): throw error
            }
        }

        func open(_ request: OutboundRequest) async throws(OutboundError) -> OutboundStream {
            throw OutboundError(.cancelled, "not here")
        }
    }

    private let event = PendingEvent(
        id: "e1", body: Array(#"{"type":"review.pending"}"#.utf8), createdAt: Timestamp(microseconds: 0), attempts: 0)

    private func deliver(_ receiver: Receiver) async -> WebhookSender.Delivery {
        let sender = WebhookSender(
            http: receiver, endpoint: Endpoint(host: "hooks.example", port: 443, usesTLS: true), path: "/orch?x=1",
            secret: Redacted("secret"))
        return await sender.deliver(event, at: Timestamp(microseconds: 7_000_000))
    }

    @Test func `an event is posted with its signature`() async throws {
        let receiver = Receiver(.success(204))
        let delivery = await deliver(receiver)
        #expect(delivery.outcome == .delivered && delivery.connection?.address == "127.0.0.1")
        let sent = receiver.sent.withLock { $0 }
        let request = try #require(sent.first)
        #expect(request.method == .post && request.path == "/orch?x=1" && request.body == event.body)
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["Content-Type"] == "application/json" && headers["webhook-id"] == "e1")
        #expect(headers["webhook-timestamp"] == "7" && headers["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(request.maximumAnswerBytes == 65_536)
    }

    @Test(arguments: [199, 300, 301, 302, 404, 410, 429, 500, 503])
    func `only 2xx counts, and redirects are not followed`(status: Int) async {
        let receiver = Receiver(.success(status))
        #expect(await deliver(receiver).outcome == .failed("status_\(status)"))
        #expect(receiver.sent.withLock(\.count) == 1)
    }

    @Test func `a receiver that is not there is a failure with its word`() async {
        let refused = OutboundError(
            .refusedByPolicy, "no", connection: ConnectionRecord(endpoint: Endpoint(host: "h", port: 1), address: nil))
        let delivery = await deliver(Receiver(.failure(refused)))
        #expect(delivery.outcome == .failed("egress_refused") && delivery.connection?.address == nil)
        #expect(await deliver(Receiver(.failure(OutboundError(.timedOut, "late")))).outcome == .failed("timed_out"))
    }
}

@Suite struct WebhookRetriesTests {
    @Test func `waits double up to an hour, and end`() {
        let longest = (1...15).map { WebhookRetries.wait(after: $0, random: 1) }
        #expect(longest.prefix(4) == [.seconds(5), .seconds(10), .seconds(20), .seconds(40)])
        #expect(longest.last == .seconds(3600))
        #expect(WebhookRetries.wait(after: 1, random: 0) == .milliseconds(2500))
        #expect(WebhookRetries.wait(after: 16, random: 0) == nil)
    }
}
