import Crypto

/// Takes content in so that no two different ones are the same bytes: every part with its length before it.
struct ContentHasher {
    private var hasher = SHA256()

    /// - Parameter kind: What is hashed; the format's version stands beside it.
    init(_ kind: String) {
        add(kind)
        add(UInt64(ClassifierFormat.version))
    }

    mutating func add(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { hasher.update(bufferPointer: $0) }
    }

    mutating func add(_ text: String) {
        var text = text
        add(UInt64(text.utf8.count))
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    mutating func add(_ hashes: [TextHash]) {
        add(UInt64(hashes.count))
        for hash in hashes { hash.withBytes { hasher.update(bufferPointer: $0) } }
    }

    func finish() -> TextHash { TextHash(digest: hasher.finalize()) }
}
