import Crypto
package import OrchCore

/// A text that only the holder of the local key can read, as it is stored: `{"v":1,"box":"…"}`.
package struct SealedText: Sendable, Equatable {
    package let json: String

    package init(stored json: String) {
        self.json = json
    }
}

/// Seals what people have said before it is stored: AES-256-GCM, under a key drawn from the local one by HKDF.
///
/// What a text is bound to (whose it is, and what of it) is authenticated with it: one that was moved does not open.
package struct PayloadCipher: Sendable {
    /// What a text is of its review.
    package enum Part: String, Sendable {
        case payload, note, result
    }

    private static let info = "orchestrators/hitl_queue/v1"
    private let key: SymmetricKey

    /// - Parameter secret: The bytes of ORCH_SECRET_KEY_PATH's file.
    package init(secret: Redacted<[UInt8]>) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret.exposed), info: Array(Self.info.utf8), outputByteCount: 32)
    }

    package func seal(_ text: [UInt8], _ part: Part, of review: String) throws(ApprovalError) -> SealedText {
        do {
            let box = try AES.GCM.seal(text, using: key, authenticating: Self.context(part, review))
            // A nonce of 12 bytes, the text, and a tag of 16.
            let bytes = Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
            return SealedText(
                stored: String(
                    decoding: JSONValue.object(["v": 1, "box": .string(Base64.encode(bytes))]).serialized, as: UTF8.self
                ))
        } catch {
            throw ApprovalError(.unavailable, "the request cannot be sealed", cause: error)
        }
    }

    package func open(_ sealed: SealedText, _ part: Part, of review: String) throws(ApprovalError) -> [UInt8] {
        do {
            let object = try JSONValue(parsing: Array(sealed.json.utf8)).objectValue
            guard object?["v"] == 1, let text = object?["box"]?.stringValue, let bytes = Base64.decode(text),
                bytes.count >= 28
            else { throw Self.unreadable }
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: bytes.prefix(12)), ciphertext: bytes.dropFirst(12).dropLast(16),
                tag: bytes.suffix(16))
            return Array(try AES.GCM.open(box, using: key, authenticating: Self.context(part, review)))
        } catch {
            throw Self.unreadable
        }
    }

    private static let unreadable = ApprovalError(
        .unreadable,
        "the stored request does not open: the key of ORCH_SECRET_KEY_PATH is not the one that it was stored under")

    private static func context(_ part: Part, _ review: String) -> [UInt8] {
        Array("\(info) \(part.rawValue) \(review)".utf8)
    }
}
