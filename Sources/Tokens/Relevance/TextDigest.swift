/// What a text is remembered by: 128 bits of SipHash-2-4 (Aumasson and Bernstein, 2012), under a key that nobody
/// outside the process knows, so that nobody can make two texts of one digest.
struct TextDigest: Hashable, Sendable {
    struct Key: Sendable {
        var first: UInt64
        var second: UInt64

        static func random() -> Key {
            Key(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
        }
    }

    let low: UInt64
    let high: UInt64

    init(_ text: String, key: Key) {
        var text = text
        self = text.withUTF8 { TextDigest($0, key: key) }
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>, key: Key) {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = State(key)
        let whole = raw.count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            state.absorb(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        let rest = raw[whole...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        state.absorb(rest | UInt64(truncatingIfNeeded: raw.count) << 56)
        (low, high) = state.finish()
    }

    private struct State {
        private var v0, v1, v2, v3: UInt64

        init(_ key: Key) {
            v0 = key.first ^ 0x736f_6d65_7073_6575
            v1 = key.second ^ 0x646f_7261_6e64_6f6d ^ 0xEE
            v2 = key.first ^ 0x6c79_6765_6e65_7261
            v3 = key.second ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            mix(rounds: 2)
            v0 ^= word
        }

        mutating func finish() -> (UInt64, UInt64) {
            v2 ^= 0xEE
            mix(rounds: 4)
            let low = v0 ^ v1 ^ v2 ^ v3
            v1 ^= 0xDD
            mix(rounds: 4)
            return (low, v0 ^ v1 ^ v2 ^ v3)
        }

        private mutating func mix(rounds: Int) {
            for _ in 0..<rounds {
                v0 &+= v1
                v2 &+= v3
                v1 = rotate(v1, 13) ^ v0
                v3 = rotate(v3, 16) ^ v2
                v0 = rotate(v0, 32)
                v2 &+= v1
                v0 &+= v3
                v1 = rotate(v1, 17) ^ v2
                v3 = rotate(v3, 21) ^ v0
                v2 = rotate(v2, 32)
            }
        }

        private func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }
    }
}
