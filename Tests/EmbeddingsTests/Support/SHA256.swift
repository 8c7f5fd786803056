/// SHA-256 (FIPS 180-4) for golden values, since the tests have no cryptography.
enum SHA256 {
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        var state: [UInt32] = [
            0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
        ]
        var message = bytes + [0x80]
        while message.count % 64 != 56 { message.append(0) }
        message += (0..<8).map { UInt8(truncatingIfNeeded: (UInt64(bytes.count) * 8) >> UInt64(56 - 8 * $0)) }
        var words = [UInt32](repeating: 0, count: 64)
        for start in stride(from: 0, to: message.count, by: 64) { mix(message, start, &words, &state) }
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
        .map { prime in
            // The largest x with x³ ≤ prime · 2^96, by bisection over whole numbers.
            var (low, high): (UInt128, UInt128) = (0, 1 << 36)
            while high - low > 1 {
                let middle = (low + high) / 2
                if middle * middle * middle <= UInt128(prime) << 96 { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }

    private static func mix(_ message: [UInt8], _ start: Int, _ words: inout [UInt32], _ state: inout [UInt32]) {
        func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        for index in 0..<16 {
            words[index] = message[start + 4 * index..<start + 4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
            let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
            words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let one = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
            let first = h &+ one &+ (e & f ^ ~e & g) &+ constants[index] &+ words[index]
            let two = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
            let second = two &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }
}

extension [[Float]] {
    /// The vectors' bits, one behind the other.
    var bytes: [UInt8] {
        flatMap { vector in
            vector.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
        }
    }

    /// FNV-1a of all bits: equal for equal bits only, but for chance.
    var digest: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for vector in self { for number in vector { hash = (hash ^ UInt64(number.bitPattern)) &* 0x100_0000_01B3 } }
        return hash
    }
}
