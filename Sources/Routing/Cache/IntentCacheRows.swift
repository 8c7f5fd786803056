import OrchCore

/// The rows of a cache of fixed size, in the order of their last use. All but what walks over rows takes constant time.
struct IntentCacheRows {
    struct Key: Hashable {
        let policyHash: String
        let signature: IntentSignature
    }

    /// A row with its neighbours in the order; those of an empty slot mean nothing.
    private struct Slot {
        var row: StoredIntent?
        var newer: Int32
        var older: Int32
    }

    private static let none: Int32 = -1

    private let capacity: Int
    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var places: [Key: Int32] = [:]
    private var newest = none
    private var oldest = none

    init(capacity: Int) {
        self.capacity = capacity
        // Growing later would make requests wait; what is reserved and not used takes no memory.
        let reserved = min(capacity, 1 << 16)
        slots.reserveCapacity(reserved)
        places.reserveCapacity(reserved)
    }

    var count: Int { places.count }

    /// The decision with a key, which is now the one used last. One that has expired is removed.
    ///
    /// - Parameter latestEnd: A row that would hold longer was made by a clock that has since been set back.
    mutating func use(_ key: Key, at now: Timestamp, latestEnd: Timestamp) -> CachedIntent? {
        guard let place = places[key], let row = slots[Int(place)].row else { return nil }
        guard row.expiresAt > now else {
            remove(place, key)
            return nil
        }
        if row.expiresAt > latestEnd { slots[Int(place)].row?.expiresAt = latestEnd }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return row.intent
    }

    /// Takes a row as the one used last; the oldest goes where there is no room.
    mutating func insert(_ row: StoredIntent) {
        let key = row.key
        if let place = places[key] {
            slots[Int(place)].row = row
            unlink(place)
            linkAsNewest(place)
            return
        }
        if count == capacity, let row = slots[Int(oldest)].row { remove(oldest, row.key) }
        linkAsNewest(put(row, key))
    }

    /// Takes a row as the one that goes first, unless there is one with its key.
    ///
    /// - Returns: Whether there was room.
    mutating func appendAsOldest(_ row: StoredIntent) -> Bool {
        let key = row.key
        guard places[key] == nil else { return true }
        guard count < capacity else { return false }
        linkAsOldest(put(row, key))
        return true
    }

    /// Removes what has expired in some of the slots.
    mutating func removeExpired(at now: Timestamp, in range: Range<Int>) -> Int {
        var removed = 0
        for place in range.clamped(to: slots.indices) {
            guard let row = slots[place].row, row.expiresAt <= now else { continue }
            remove(Int32(place), row.key)
            removed += 1
        }
        return removed
    }

    /// All rows, the one used last first.
    var order: [StoredIntent] {
        var rows: [StoredIntent] = []
        var place = newest
        while place != Self.none {
            if let row = slots[Int(place)].row { rows.append(row) }
            place = slots[Int(place)].older
        }
        return rows
    }

    // MARK: Slots

    private mutating func put(_ row: StoredIntent, _ key: Key) -> Int32 {
        let slot = Slot(row: row, newer: Self.none, older: Self.none)
        let place = free.popLast() ?? Int32(slots.count)
        if Int(place) == slots.count { slots.append(slot) } else { slots[Int(place)] = slot }
        places[key] = place
        return place
    }

    private mutating func remove(_ place: Int32, _ key: Key) {
        unlink(place)
        slots[Int(place)].row = nil
        free.append(place)
        places[key] = nil
    }

    // MARK: Order

    private mutating func unlink(_ place: Int32) {
        let (newer, older) = (slots[Int(place)].newer, slots[Int(place)].older)
        if newer == Self.none { newest = older } else { slots[Int(newer)].older = older }
        if older == Self.none { oldest = newer } else { slots[Int(older)].newer = newer }
    }

    private mutating func linkAsNewest(_ place: Int32) {
        slots[Int(place)].newer = Self.none
        slots[Int(place)].older = newest
        if newest == Self.none { oldest = place } else { slots[Int(newest)].newer = place }
        newest = place
    }

    private mutating func linkAsOldest(_ place: Int32) {
        slots[Int(place)].older = Self.none
        slots[Int(place)].newer = oldest
        if oldest == Self.none { newest = place } else { slots[Int(oldest)].older = place }
        oldest = place
    }
}

extension StoredIntent {
    fileprivate var key: IntentCacheRows.Key { IntentCacheRows.Key(policyHash: policyHash, signature: signature) }
}
