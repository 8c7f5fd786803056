/// Which two tokens merge into which, and how early: an open hash table from pairs of ids.
struct PairTable: Sendable {
    /// Left id in the high half, right id in the low one.
    private(set) var keys: [UInt64]
    /// Rank in the high half, merged id in the low one.
    private(set) var values: [UInt64]

    /// No pair has this key: ids are below the bound on tokens.
    static let free = UInt64.max

    init(expected: Int) {
        var capacity = 1024
        while capacity < expected * 2 { capacity *= 2 }
        keys = [UInt64](repeating: Self.free, count: capacity)
        values = [UInt64](repeating: 0, count: capacity)
    }

    /// False where the pair is there already.
    mutating func insert(left: Int, right: Int, rank: Int, merged: Int) -> Bool {
        let key = UInt64(left) << 32 | UInt64(right)
        let mask = keys.count - 1
        var slot = Self.slot(key) & mask
        while keys[slot] != Self.free {
            if keys[slot] == key { return false }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        values[slot] = UInt64(rank) << 32 | UInt64(merged)
        return true
    }

    /// Runs with pointers to the table.
    @inline(__always)
    func withView<Result>(_ body: (PairView) -> Result) -> Result {
        keys.withUnsafeBufferPointer { keys in
            values.withUnsafeBufferPointer { values in
                body(PairView(keys: keys, values: values))
            }
        }
    }

    @inline(__always)
    static func slot(_ key: UInt64) -> Int {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product ^ product >> 32)
    }
}

/// Pointers into a ``PairTable``, for as long as its arrays are held.
struct PairView {
    let keys: UnsafeBufferPointer<UInt64>
    let values: UnsafeBufferPointer<UInt64>

    /// Rank and merged id of a pair; `Merge.none` where they do not merge. The table has free slots, so this ends.
    @inline(__always)
    func merge(_ left: UInt32, _ right: UInt32) -> UInt64 {
        let key = UInt64(left) << 32 | UInt64(right)
        guard let keys = keys.baseAddress, let values = values.baseAddress else { return Merge.none }
        let mask = self.keys.count - 1
        var slot = PairTable.slot(key) & mask
        while true {
            let found = keys[slot]
            if found == key { return values[slot] }
            if found == PairTable.free { return Merge.none }
            slot = (slot + 1) & mask
        }
    }
}
