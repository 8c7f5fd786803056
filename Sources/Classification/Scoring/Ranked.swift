/// A label with its value; the higher one comes first, of equal ones the earlier.
struct Ranked: Sendable {
    let index: Int
    let value: Double

    func isBefore(_ other: Ranked) -> Bool {
        value > other.value || (value == other.value && index < other.index)
    }

    /// The first few in their order.
    static func best(_ count: Int, of ranked: [Ranked]) -> [Ranked] {
        var best: [Ranked] = []
        best.reserveCapacity(count + 1)
        for next in ranked {
            if best.count == count {
                guard let last = best.last, next.isBefore(last) else { continue }
                best.removeLast()
            }
            var place = best.count
            while place > 0, next.isBefore(best[place - 1]) { place -= 1 }
            best.insert(next, at: place)
        }
        return best
    }
}
