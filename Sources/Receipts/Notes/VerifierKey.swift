import Crypto
import OrchCore

/// A public key that checks signatures of notes, in its text form `name+hex8+base64(type ‖ key)` (C2SP signed-note).
package struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    package enum Algorithm: UInt8, Sendable {
        /// A log's signature.
        case ed25519 = 0x01
        /// A witness' cosignature, with its time (C2SP tlog-cosignature).
        case cosignature = 0x04
    }

    package let name: String
    package let algorithm: Algorithm
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key).
    package let keyID: UInt32
    /// 32 bytes.
    private let publicKey: [UInt8]

    init(name: String, algorithm: Algorithm, publicKey: [UInt8]) {
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let hash = MerkleHash.sha256(of: Array(name.utf8), [0x0A, algorithm.rawValue], publicKey)
        keyID = hash.bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads the text form.
    package init(parsing text: String) throws(NoteError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, KeyName.isValid(String(parts[0])), let bytes = Base64.decode(parts[2]),
            bytes.count == 33, let algorithm = Algorithm(rawValue: bytes[0])
        else {
            throw NoteError(
                .malformedKey, "this is no verifier key: it looks like name+0123abcd+base64, with an Ed25519 key")
        }
        self.init(name: String(parts[0]), algorithm: algorithm, publicKey: Array(bytes[1...]))
        guard description == text else {
            throw NoteError(.malformedKey, "the verifier key's checksum is not its key's: it was copied incompletely")
        }
    }

    /// Name and identity, for messages.
    package var shortName: String { "\(name)+\(hexadecimalID)" }

    private var hexadecimalID: String {
        Hexadecimal.encode((0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) })
    }

    package var description: String { "\(shortName)+\(Base64.encode([algorithm.rawValue] + publicKey))" }

    /// Whether a signature's line names this key, byte for byte.
    func made(_ signature: SignedNote.Signature) -> Bool {
        keyID == signature.keyID && name.utf8.elementsEqual(signature.name.utf8)
    }

    /// Whether these bytes are the key's signature of a note's text.
    package func verifies(_ signature: [UInt8], of text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        switch algorithm {
        case .ed25519:
            return signature.count == 64 && key.isValidSignature(signature, for: Array(text.utf8))
        case .cosignature:
            guard let cosignature = Cosignature(signature) else { return false }
            return key.isValidSignature(cosignature.signature, for: cosignature.message(text))
        }
    }
}

/// A witness' signature of a checkpoint, with the time at which it saw it (C2SP tlog-cosignature).
package struct Cosignature: Sendable {
    /// Seconds since the Unix epoch.
    package let time: UInt64
    let signature: [UInt8]

    /// Reads the 8-byte big-endian time and the signature behind it.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        time = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes[8...])
    }

    func message(_ text: String) -> [UInt8] { Array("cosignature/v1\ntime \(time)\n\(text)".utf8) }
}
