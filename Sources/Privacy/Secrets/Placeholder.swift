/// Values that stand where a secret should, and are none.
enum Placeholder {
    /// Words of documentation, in lower case.
    private static let words = [
        "example", "your_", "your-", "yourtoken", "yourkey", "_here", "-here", "placeholder", "changeme", "change_me",
        "redacted", "xxxxxx", "abcdefghij", "insert_", "dummy", "******", "......", "sample_", "appconfigurationaccess",
    ].map { Array($0.utf8) }

    /// Whether the bytes have such a word in them, or are mostly one byte repeated.
    static func isLikely(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > 3 else { return false }
        return isRepetition(bytes) || hasWord(bytes)
    }

    /// Whether half of the bytes repeat the one in front: `XXXXX-XXXXX`, `00000000001`.
    private static func isRepetition(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var repeats = 0
        for index in 1..<bytes.count where bytes[index] == bytes[index - 1] { repeats += 1 }
        return repeats * 2 > bytes.count
    }

    private static func hasWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = min(bytes.count, Entropy.maximumBytes)
        for start in 0..<count where firsts.contains(bytes[start]) {
            for word in words where start + word.count <= count {
                var offset = 0
                while offset < word.count, Byte.lowercased(bytes[start + offset]) == word[offset] { offset += 1 }
                if offset == word.count { return true }
            }
        }
        return false
    }

    private static let firsts: ByteSet = {
        var set = ByteSet()
        for word in words {
            guard let byte = word.first else { continue }
            set.insert(byte)
            set.insert(Byte.uppercased(byte))
        }
        return set
    }()
}
