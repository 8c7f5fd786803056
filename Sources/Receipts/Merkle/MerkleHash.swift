import Crypto
import OrchCore

/// A SHA-256 value: the hash of a leaf, of a node, or of a whole tree.
package struct MerkleHash: Sendable, Hashable, BitwiseCopyable {
    /// The 32 bytes, as they lie in memory.
    private var words: Words

    private struct Words: Sendable, Hashable, BitwiseCopyable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    package static let byteCount = 32

    init(_ digest: SHA256Digest) {
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: Words.self) }
    }

    /// Reads exactly 32 bytes; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words = Words()
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.words = words
    }

    /// Reads 64 lower-case digits; nil for any other text.
    package init?(hexadecimal: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(hexadecimal) else { return nil }
        self.init(bytes)
    }

    /// Reads strict base 64 of 32 bytes; nil for any other text.
    package init?(base64: some StringProtocol) {
        guard let bytes = Base64.decode(base64) else { return nil }
        self.init(bytes)
    }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }

    package var bytes: [UInt8] { withUnsafeBytes(Array.init) }
    package var hexadecimal: String { withUnsafeBytes { Hexadecimal.encode($0) } }
    package var base64: String { Base64.encode(bytes) }
}

// MARK: - Hashing (RFC 6962 section 2.1)

extension MerkleHash {
    private static let leafPrefix: [UInt8] = [0x00]
    private static let nodePrefix: [UInt8] = [0x01]

    /// SHA-256 of some bytes.
    package static func sha256(_ bytes: [UInt8]) -> MerkleHash { MerkleHash(SHA256.hash(data: bytes)) }

    /// SHA-256 of parts, one behind the other.
    package static func sha256(of parts: [UInt8]...) -> MerkleHash {
        var hasher = SHA256()
        for part in parts { hasher.update(data: part) }
        return MerkleHash(hasher.finalize())
    }

    /// SHA-256 of bytes that lie in memory.
    package static func sha256(prefix: [UInt8] = [], _ bytes: UnsafeRawBufferPointer, suffix: [UInt8] = [])
        -> MerkleHash
    {
        var hasher = SHA256()
        if !prefix.isEmpty { hasher.update(data: prefix) }
        hasher.update(bufferPointer: bytes)
        if !suffix.isEmpty { hasher.update(data: suffix) }
        return MerkleHash(hasher.finalize())
    }

    /// The hash of a leaf: SHA-256(0x00 ‖ bytes).
    package static func leaf(_ bytes: [UInt8]) -> MerkleHash { sha256(of: leafPrefix, bytes) }

    /// The same of bytes that lie in memory.
    package static func leaf(_ bytes: UnsafeRawBufferPointer) -> MerkleHash { sha256(prefix: leafPrefix, bytes) }

    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right).
    package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hasher = SHA256()
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
            buffer[0] = 0x01
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
        }
        return MerkleHash(hasher.finalize())
    }

    /// The root of a tree without leaves: SHA-256 of nothing.
    package static let emptyRoot = sha256([])
}

extension MerkleHash: CustomStringConvertible {
    package var description: String { hexadecimal }
}

extension [MerkleHash] {
    /// The hashes one behind the other.
    package var joinedBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * MerkleHash.byteCount)
        for hash in self { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Reads hashes that stand one behind the other; nil where a part is left over.
    package init?(joinedBytes bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: MerkleHash.byteCount) else { return nil }
        self = stride(from: 0, to: bytes.count, by: MerkleHash.byteCount).compactMap {
            MerkleHash(bytes[$0..<$0 + MerkleHash.byteCount])
        }
    }
}
