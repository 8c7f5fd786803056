import Crypto

/// SHA-256, of a text or of hashes.
struct TextHash: Sendable, Hashable, Comparable {
    /// The digest's bytes in fours of eight, the first the highest, so that the order is that of the bytes.
    let words: (UInt64, UInt64, UInt64, UInt64)

    static let byteCount = 32

    init(of text: String) {
        var text = text
        self = text.withUTF8 { TextHash(digest: SHA256.hash(data: $0)) }
    }

    /// - Parameter bytes: 32 of them.
    init(bytes: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    init(digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { TextHash(bytes: $0) }
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let bytes = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return withUnsafeBytes(of: bytes, body)
    }

    static func == (left: TextHash, right: TextHash) -> Bool { left.words == right.words }
    static func < (left: TextHash, right: TextHash) -> Bool { left.words < right.words }
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
