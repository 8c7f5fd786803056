/// The bytes of a piece as two words and a length, for hashing and comparing without a loop up to 16 bytes.
///
/// Up to 16 bytes the words and the length tell the bytes apart; of longer ones they are only a part.
struct ByteKey {
    let first: UInt64
    let last: UInt64

    /// Reads from `bytes` up to `count`, never beyond; `count` is at least 1.
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        let raw = UnsafeRawPointer(bytes)
        if count >= 8 {
            first = raw.loadUnaligned(as: UInt64.self)
            last = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            first = UInt64(raw.loadUnaligned(as: UInt32.self))
            last = UInt64(raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else {
            // The first, the middle and the last byte are all there are.
            first = UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8
            last = UInt64(bytes[count - 1])
        }
    }

    /// Mixes the words, the length, and what lies between in longer pieces.
    @inline(__always)
    func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        var state = Self.mix(first ^ 0x9E37_79B9_7F4A_7C15, last ^ 0xD6E8_FEB8_6659_FD93 &+ UInt64(count))
        if count > 16 {
            let raw = UnsafeRawPointer(bytes)
            var place = 8
            while place < count - 8 {
                state = Self.mix(
                    state ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self), 0xA076_1D64_78BD_642F)
                place += 8
            }
        }
        return state
    }

    @inline(__always)
    private static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
