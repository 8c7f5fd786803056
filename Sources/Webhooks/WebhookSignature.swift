import Crypto
import OrchCore

/// Signs what is announced, as Standard Webhooks does: HMAC-SHA256 over `id.timestamp.body`.
struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: ORCH_WEBHOOK_SECRET: its UTF-8 bytes are the key; of `whsec_…` what the Base64 behind it holds.
    init(secret: Redacted<String>) {
        let prefix = "whsec_"
        let text = secret.exposed
        let decoded = text.hasPrefix(prefix) ? Base64.decode(text.dropFirst(prefix.count)) : nil
        key = SymmetricKey(data: decoded ?? Array(text.utf8))
    }

    /// The header fields of one delivery.
    ///
    /// - Parameter seconds: Of the delivery, since the Unix epoch: who gets it can refuse old ones.
    func fields(id: String, seconds: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: Array("\(id).\(seconds).".utf8))
        hmac.update(data: body)
        return [
            ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", "v1," + Base64.encode(Array(hmac.finalize()))),
        ]
    }
}
