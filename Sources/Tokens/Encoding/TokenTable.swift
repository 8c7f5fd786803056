/// The bytes of all tokens in one flat buffer, and a hash table from bytes to ids.
struct TokenTable: Sendable {
    /// Every token's bytes, by id.
    private(set) var bytes: [UInt8]
    /// Where the bytes of an id begin; the next entry is their end. Unassigned ids have none.
    private(set) var offsets: [UInt32]
    /// An id plus 1 in the low half, the upper half of the hash in the high one; 0 is free. At most half full.
    private(set) var slots: [UInt64]
    private(set) var longest = 0

    /// The number of ids, unassigned ones included.
    var count: Int { offsets.count - 1 }

    /// - Parameters:
    ///   - bytes: Every token's bytes, by id.
    ///   - offsets: Where each begins, and the end of the last. Must rise, and end at `bytes.count`.
    init(bytes: [UInt8], offsets: [UInt32], expected: Int) {
        self.bytes = bytes
        self.offsets = offsets
        var capacity = 1024
        while capacity < expected * 2 { capacity *= 2 }
        slots = [UInt64](repeating: 0, count: capacity)
    }

    /// Makes an id one that its bytes are found under; answers the id that has these bytes already, if one has.
    mutating func insert(_ id: Int) -> Int? {
        let start = Int(offsets[id])
        let count = Int(offsets[id + 1]) - start
        longest = max(longest, count)
        let mask = slots.count - 1
        return bytes.withUnsafeBufferPointer { bytes -> Int? in
            guard count > 0, let base = bytes.baseAddress else { return nil }
            return offsets.withUnsafeBufferPointer { offsets -> Int? in
                slots.withUnsafeMutableBufferPointer { slots -> Int? in
                    let key = ByteKey(base + start, count)
                    let hash = key.hash(base + start, count)
                    var slot = Int(truncatingIfNeeded: hash) & mask
                    while slots[slot] != 0 {
                        if slots[slot] >> 32 == hash >> 32 {
                            let other = Int(slots[slot] & 0xFFFF_FFFF) - 1
                            let range = Int(offsets[other])..<Int(offsets[other + 1])
                            if bytes[range].elementsEqual(bytes[start..<start + count]) { return other }
                        }
                        slot = (slot + 1) & mask
                    }
                    slots[slot] = hash & ~0xFFFF_FFFF | UInt64(id + 1)
                    return nil
                }
            }
        }
    }

    /// The bytes of an id; empty for one that is unassigned or out of range.
    func bytes(of id: Int) -> ArraySlice<UInt8> {
        guard id >= 0, id < count else { return [] }
        return bytes[Int(offsets[id])..<Int(offsets[id + 1])]
    }

    /// The id of some bytes.
    func id(of wanted: some Sequence<UInt8>) -> Int? {
        let wanted = Array(wanted)
        return withView { view in
            wanted.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress, !buffer.isEmpty else { return nil }
                let id = view.id(of: base, buffer.count)
                return id < 0 ? nil : id
            }
        }
    }

    /// Runs with pointers to the table.
    @inline(__always)
    func withView<Result>(_ body: (TokenView) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            offsets.withUnsafeBufferPointer { offsets in
                slots.withUnsafeBufferPointer { slots in
                    body(TokenView(bytes: bytes, offsets: offsets, slots: slots, longest: longest))
                }
            }
        }
    }
}

/// Pointers into a ``TokenTable``, for as long as its arrays are held.
struct TokenView {
    let bytes: UnsafeBufferPointer<UInt8>
    let offsets: UnsafeBufferPointer<UInt32>
    let slots: UnsafeBufferPointer<UInt64>
    let longest: Int

    /// The id of the bytes; -1 where no token has them. `count` is at least 1.
    ///
    /// Ids in slots are below `offsets.count - 1`, and offsets rise up to `bytes.count`, so that every access is inside.
    @inline(__always)
    func id(of piece: UnsafePointer<UInt8>, _ count: Int) -> Int {
        guard count <= longest, let slots = slots.baseAddress, let offsets = offsets.baseAddress,
            let bytes = bytes.baseAddress
        else { return -1 }
        let mask = self.slots.count - 1
        let key = ByteKey(piece, count)
        let hash = key.hash(piece, count)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return -1 }
            if entry >> 32 == hash >> 32 {
                let id = Int(entry & 0xFFFF_FFFF) - 1
                let start = Int(offsets[id])
                if Int(offsets[id + 1]) - start == count, Self.isEqual(bytes + start, piece, key, count) { return id }
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private static func isEqual(
        _ token: UnsafePointer<UInt8>, _ piece: UnsafePointer<UInt8>, _ key: ByteKey, _ count: Int
    ) -> Bool {
        let other = ByteKey(token, count)
        guard other.first == key.first, other.last == key.last else { return false }
        var place = 8
        while place < count - 8 {
            guard
                UnsafeRawPointer(token).loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    == UnsafeRawPointer(piece).loadUnaligned(fromByteOffset: place, as: UInt64.self)
            else { return false }
            place += 8
        }
        return true
    }
}
