import Crypto
import OrchCore

/// Binds a content that is not stored: SHA-256(salt ‖ content).
///
/// Who has the salt and the content can show that it was this content; once the trace's salt is deleted, nothing can be
/// learnt or guessed from the commitment any more.
package struct Commitment: Sendable, Equatable {
    /// What the contents are called in a leaf.
    package enum Name: String, Sendable, CaseIterable {
        /// The text of the answer.
        case answer
        /// The arguments with which an approved call ran, in canonical JSON.
        case arguments
        /// `metadata_json` of the trace.
        case metadata
        /// The body of the request.
        case request
    }

    package var name: Name
    package var hash: MerkleHash

    package init(name: Name, hash: MerkleHash) {
        self.name = name
        self.hash = hash
    }
}

/// 32 random bytes that a trace's commitments are made under. They are kept in a table of their own.
///
/// Each content has a salt of its own, SHA-256(these ‖ the content's name), so that one can be opened to a stranger
/// without helping to guess the others.
package struct TraceSalt: Sendable, Equatable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// nil unless there are 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Draws a salt from the system's randomness.
    package static func generate() -> TraceSalt { TraceSalt(drawn: RandomBytes.draw(byteCount)) }

    private init(drawn bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The salt of one content.
    package func salt(of name: String) -> MerkleHash { .sha256(of: bytes, Array(name.utf8)) }

    /// The commitment to a content, given whole.
    package func commitment(_ name: Commitment.Name, to content: [UInt8]) -> Commitment {
        Commitment(name: name, hash: hash(of: content, named: name.rawValue))
    }

    /// What the commitment to a content is.
    package func hash(of content: [UInt8], named name: String) -> MerkleHash {
        salt(of: name).withUnsafeBytes { .sha256($0, suffix: content) }
    }
}

/// Commits to a content that comes in parts.
package struct CommitmentHasher: Sendable {
    private let name: Commitment.Name
    private var hasher = SHA256()

    package init(_ name: Commitment.Name, under salt: TraceSalt) {
        self.name = name
        salt.salt(of: name.rawValue).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    package mutating func update(_ part: [UInt8]) { hasher.update(data: part) }

    package mutating func update(_ part: String) {
        var part = part
        part.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    package var commitment: Commitment { Commitment(name: name, hash: MerkleHash(hasher.finalize())) }
}
