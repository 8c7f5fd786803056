/// A label with its value; the higher one comes first, of equal ones the earlier.
struct Ranked: Sendable {
    let index: Int
    let value: Double

    func isBefore(_ other: Ranked) -> Bool {
        value > other.value || (value == other.value && index < other.index)
    }

    /// The first few of so many in their order.
    static func best(_ count: Int, of total: Int, _ ranked: (Int) -> Ranked) -> [Ranked] {
        var best: [Ranked] = []
        best.reserveCapacity(count)
        // What the next one has to come before, once there are enough.
        var last = Ranked(index: .max, value: -.infinity)
        for index in 0..<total {
            let next = ranked(index)
            guard next.isBefore(last) || best.count < count else { continue }
            if best.count == count { best.removeLast() }
            var place = best.count
            while place > 0, next.isBefore(best[place - 1]) { place -= 1 }
            best.insert(next, at: place)
            if best.count == count { last = best[count - 1] }
        }
        return best
    }

    /// The places of the highest few of many values, of equal ones the earlier; in no order that matters.
    static func highest(_ count: Int, of values: UnsafeBufferPointer<Float>) -> [Int] {
        guard values.count > count else { return Array(values.indices) }
        return withUnsafeTemporaryAllocation(of: (value: Float, place: Int).self, capacity: count) { best in
            var filled = 0
            var least = -Float.infinity
            for place in 0..<values.count {
                let value = values[place]
                guard value > least || filled < count else { continue }
                var slot = filled < count ? filled : count - 1
                while slot > 0, value > best[slot - 1].value {
                    best[slot] = best[slot - 1]
                    slot -= 1
                }
                best[slot] = (value, place)
                if filled < count { filled += 1 }
                if filled == count { least = best[count - 1].value }
            }
            return best.map(\.place)
        }
    }
}
