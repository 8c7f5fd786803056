import Crypto
package import OrchCore

/// Makes signatures: HMAC-SHA256 under a key drawn from the local one by HKDF.
package struct IntentSigner: Sendable {
    private static let info = "orchestrators/intent_cache/v1"
    private let key: SymmetricKey

    /// - Parameter secret: The bytes of ORCH_SECRET_KEY_PATH's file.
    package init(secret: Redacted<[UInt8]>) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret.exposed), info: Array(Self.info.utf8), outputByteCount: 32)
    }

    /// The signature of a text as ``FoldedText`` has it, in its context.
    package func signature(of text: String, context: IntentSignature.Context) -> IntentSignature {
        HMAC<SHA256>.authenticationCode(for: Self.message(text, context), using: key)
            .withUnsafeBytes { IntentSignature($0) }
    }

    /// What is signed. Every part has its length before it, so that no two lists of parts are the same bytes.
    static func message(_ text: String, _ context: IntentSignature.Context) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(text.utf8.count + 320)
        append(&message) { $0 += context.intents.utf8 }
        append(&message) { $0 += context.embedder.utf8 }
        append(&message) { $0 += context.thresholds.utf8 }
        message.append(context.agent == nil ? 0 : 1)
        if let agent = context.agent { append(&message) { $0 += agent.utf8 } }
        append(&message) { FoldedText.append(text, to: &$0) }
        return message
    }

    /// Appends what a body appends, with its length before it: 8 bytes, the greatest first.
    private static func append(_ message: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        let start = message.count
        message += repeatElement(0, count: 8)
        body(&message)
        let length = UInt64(message.count - start - 8)
        for place in 0..<8 { message[start + place] = UInt8(truncatingIfNeeded: length >> (56 - 8 * UInt64(place))) }
    }
}
