import Crypto
import OrchCore

/// A secret that stands where it should not. What it is stays unsaid: it is known by its fingerprint.
struct Leak: Sendable, Equatable {
    /// The detector's id.
    let detector: String
    /// Both from 1; the column counts Unicode scalars.
    let line: Int
    let column: Int
    let confidence: Double
    let fingerprint: Fingerprint
}

/// Tells one secret from another without telling either.
///
/// The first 16 bytes of SHA-256 of `orch-secret-v1`, the detector's id and the secret, each behind the other with a zero
/// byte between, hashed 1,024 times over. The same everywhere, so that baselines can be shared. A key cannot be found
/// from it; a password of a few letters can, by trying: such a one is to be changed, not listed.
struct Fingerprint: Sendable, Hashable {
    private static let rounds = 1024

    let text: String

    init(detector: String, secret: some Sequence<UInt8>) {
        var hash = SHA256.hash(data: Array("orch-secret-v1\0\(detector)\0".utf8) + Array(secret))
        for _ in 1..<Self.rounds { hash = SHA256.hash(data: Array(hash)) }
        text = Hexadecimal.encode(hash.prefix(16))
    }

    /// Reads what ``text`` is; nil for any other.
    init?(_ text: String) {
        guard text.utf8.count == 32, Hexadecimal.decode(text) != nil else { return nil }
        self.text = text
    }
}
