/// The part of a text that is scanned now: normalised bytes in memory.
struct Window {
    let base: UnsafePointer<UInt8>
    let count: Int
    /// Whether the text goes on behind the window, as far as anybody knows.
    let isOpen: Bool
    let map: OffsetMap
    private var anchorCursor = OffsetMap.Cursor()
    private var floorCursor = OffsetMap.Cursor()
    private var endCursor = OffsetMap.Cursor()

    init(base: UnsafePointer<UInt8>, count: Int, isOpen: Bool, map: OffsetMap) {
        self.base = base
        self.count = count
        self.isOpen = isOpen
        self.map = map
    }

    /// The view of a detector around an anchor. Anchors come in order.
    @inline(__always)
    mutating func probe(at anchor: Int) -> Probe {
        guard map.isIdentity else { return mappedProbe(at: anchor) }
        let end = min(count, anchor + Reach.forward)
        return Probe(base, floor: max(0, anchor - Reach.back), end: end, isOpen: isOpen && end == count)
    }

    /// Reach is counted in the text as it came: a view must not grow by what was taken off.
    @inline(never)
    private mutating func mappedProbe(at anchor: Int) -> Probe {
        let raw = anchorCursor.start(of: anchor, in: map)
        let floor = max(0, anchor - Reach.back, floorCursor.normalised(from: raw - Reach.back, in: map))
        let reach = endCursor.normalised(from: raw + Reach.forward, in: map)
        let end = min(count, anchor + Reach.forward, reach)
        return Probe(base, floor: floor, end: end, isOpen: isOpen && end == count)
    }
}
