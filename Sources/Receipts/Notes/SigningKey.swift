import Crypto
package import OrchCore

/// A log's private key, in its text form `PRIVATE+KEY+name+hex8+base64(type ‖ seed)`.
package struct SigningKey: Sendable {
    package let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    private static let prefix = "PRIVATE+KEY+"

    /// Makes a new key from the system's randomness.
    ///
    /// - Parameter name: The log's origin; see ``KeyName/isValid(_:)``.
    package init(generatingFor name: String) {
        self.init(name: name, key: Curve25519.Signing.PrivateKey())
    }

    private init(name: String, key: Curve25519.Signing.PrivateKey) {
        self.key = key
        verifier = VerifierKey(name: name, algorithm: .ed25519, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// Reads the text form.
    package init(parsing text: String) throws(NoteError) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { throw .signingKey }
        let parts = text.dropFirst(Self.prefix.count).split(
            separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, KeyName.isValid(String(parts[0])), let bytes = Base64.decode(parts[2]),
            bytes.count == 33, bytes[0] == VerifierKey.Algorithm.ed25519.rawValue,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes[1...])
        else { throw .signingKey }
        self.init(name: String(parts[0]), key: key)
        guard verifier.shortName == "\(parts[0])+\(parts[1])" else { throw .signingKey }
    }

    /// The text form: a secret.
    package var text: Redacted<String> {
        Redacted(
            Self.prefix + verifier.shortName + "+"
                + Base64.encode([VerifierKey.Algorithm.ed25519.rawValue] + Array(key.rawRepresentation)))
    }

    /// Signs a note's text.
    ///
    /// - Throws: Where the system has no randomness to give.
    package func sign(_ text: String) throws -> SignedNote.Signature {
        SignedNote.Signature(
            name: verifier.name, keyID: verifier.keyID, bytes: Array(try key.signature(for: Array(text.utf8))))
    }
}

extension NoteError {
    /// Says nothing of what the text is, since it may be a secret all the same.
    fileprivate static let signingKey = NoteError(.malformedKey, "the signing key is not in its format, or was cut")
}
