/// The part of a text that is scanned now: normalised bytes in memory.
struct Window {
    let base: UnsafePointer<UInt8>
    let count: Int
    /// Whether the text goes on behind the window, as far as anybody knows.
    let isOpen: Bool
    let map: OffsetMap

    /// The view of a detector around an anchor.
    @inline(__always)
    func probe(at anchor: Int) -> Probe {
        if map.isIdentity {
            let end = min(count, anchor + Reach.forward)
            return Probe(base, floor: max(0, anchor - Reach.back), end: end, isOpen: isOpen && end == count)
        }
        return mappedProbe(at: anchor)
    }

    /// Reach is counted in the text as it came: a view must not grow by what was taken off.
    @inline(never)
    private func mappedProbe(at anchor: Int) -> Probe {
        let raw = map.start(of: anchor)
        var floor = max(0, anchor - Reach.back)
        if map.start(of: floor) < raw - Reach.back { floor = map.normalised(from: raw - Reach.back, count: anchor) }
        var end = min(count, anchor + Reach.forward)
        if map.end(before: end) > raw + Reach.forward { end = map.normalised(from: raw + Reach.forward, count: end) }
        return Probe(base, floor: floor, end: end, isOpen: isOpen && end == count)
    }
}
