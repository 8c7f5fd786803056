/// Measures runs of bytes without looking at a byte twice, also where many anchors stand in one run.
///
/// Gives what measuring anew would give: it remembers only that the bytes of a range belong to the run.
struct RunCache {
    private var start = 0
    private var known = 0

    /// The end of the run that begins here, at most `limit` bytes further on.
    mutating func end(of set: borrowing ByteSet, from place: Int, limit: Int, in text: inout Probe) -> Int {
        if place < start || place >= known {
            start = place
            known = place
        }
        let bound = place + limit
        if known >= bound { return bound }
        known = text.end(of: set, from: known, limit: bound - known)
        return known
    }
}
