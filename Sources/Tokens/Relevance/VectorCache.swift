import Synchronization

/// Remembers the vectors of texts, so that only what changed in a conversation is embedded.
///
/// It keeps no text, only keyed digests. One cache serves one embedder: vectors of two do not compare. Full, it forgets
/// what was not asked for since the hand of its clock last came by.
package final class VectorCache: Sendable {
    /// 12 MiB of vectors with 384 components.
    package static let defaultCapacity = 8_192

    /// How many vectors it keeps at most.
    package let capacity: Int
    private let key: TextDigest.Key
    private let slots: Mutex<ClockSlots>

    package init(capacity: Int = VectorCache.defaultCapacity) {
        self.capacity = max(capacity, 0)
        key = .random()
        slots = Mutex(ClockSlots(capacity: self.capacity))
    }

    /// How many vectors it keeps now.
    package var count: Int { slots.withLock(\.count) }

    /// The vectors of the texts, in their order; the embedder gets those it does not know, each once. Nil stand for
    /// those of an embedder that gives more or fewer vectors than it got texts.
    func vectors(of texts: [String], from embed: TextVectors) async throws -> [[Float]?] {
        let digests = texts.map { TextDigest($0, key: key) }
        var found = slots.withLock { slots in digests.map { slots.vector(of: $0) } }
        var places: [TextDigest: Int] = [:]
        var missing: [(digest: TextDigest, text: String)] = []
        for (place, digest) in digests.enumerated() where found[place] == nil && places[digest] == nil {
            places[digest] = missing.count
            missing.append((digest, texts[place]))
        }
        guard !missing.isEmpty else { return found }

        let made = try await embed(missing.map(\.text))
        guard made.count == missing.count else { return found }
        slots.withLock { slots in
            for (place, vector) in made.enumerated() { slots.keep(vector, of: missing[place].digest) }
        }
        for (place, digest) in digests.enumerated() where found[place] == nil {
            found[place] = places[digest].map { made[$0] }
        }
        return found
    }
}

/// A bounded store that replaces by the clock algorithm: a second chance for what was used since the last time round.
private struct ClockSlots {
    private struct Slot {
        var digest: TextDigest
        var vector: [Float]
        var isUsed: Bool
    }

    private let capacity: Int
    private var slots: [Slot] = []
    private var places: [TextDigest: Int] = [:]
    private var hand = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { slots.count }

    mutating func vector(of digest: TextDigest) -> [Float]? {
        guard let place = places[digest] else { return nil }
        slots[place].isUsed = true
        return slots[place].vector
    }

    mutating func keep(_ vector: [Float], of digest: TextDigest) {
        guard capacity > 0, places[digest] == nil else { return }
        let slot = Slot(digest: digest, vector: vector, isUsed: false)
        guard slots.count == capacity else {
            places[digest] = slots.count
            slots.append(slot)
            return
        }
        while slots[hand].isUsed {
            slots[hand].isUsed = false
            hand = (hand + 1) % capacity
        }
        places[slots[hand].digest] = nil
        places[digest] = hand
        slots[hand] = slot
        hand = (hand + 1) % capacity
    }
}
