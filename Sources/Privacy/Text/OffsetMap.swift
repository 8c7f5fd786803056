/// Where the bytes of a normalised text stood in the text as it came.
///
/// A list of pieces: runs that were copied, and single bytes that stand for several. No pieces mean that nothing was
/// changed.
struct OffsetMap {
    fileprivate struct Piece {
        var normalised: Int
        var raw: Int
        /// The bytes that one byte stands for; 0 for a run that was copied.
        var width: Int
    }

    fileprivate var pieces: [Piece] = []

    var isIdentity: Bool { pieces.isEmpty }

    /// A run that was copied begins here.
    mutating func copy(at normalised: Int, from raw: Int) {
        pieces.append(Piece(normalised: normalised, raw: raw, width: 0))
    }

    /// The one byte here stands for `width` bytes.
    mutating func replace(at normalised: Int, from raw: Int, width: Int) {
        pieces.append(Piece(normalised: normalised, raw: raw, width: width))
    }

    /// Where a byte's own bytes begin in the text as it came.
    func start(of normalised: Int) -> Int {
        guard let piece = piece(of: normalised) else { return normalised }
        return piece.width == 0 ? piece.raw + normalised - piece.normalised : piece.raw
    }

    /// Where the bytes of everything in front of this place end in the text as it came.
    func end(before normalised: Int) -> Int {
        guard normalised > 0, let piece = piece(of: normalised - 1) else { return normalised }
        return piece.width == 0 ? piece.raw + normalised - piece.normalised : piece.raw + piece.width
    }

    /// Forgets what is in front of a place, and counts from there.
    mutating func drop(normalised count: Int, raw rawCount: Int) {
        guard !pieces.isEmpty else { return }
        let index = max(0, index(of: count))
        pieces.removeFirst(index)
        for place in pieces.indices {
            pieces[place].normalised -= count
            pieces[place].raw -= rawCount
        }
    }

    private func piece(of normalised: Int) -> Piece? {
        let index = index(of: normalised)
        return index < 0 ? nil : pieces[index]
    }

    /// The last piece that begins here or in front, or -1.
    private func index(of normalised: Int) -> Int {
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].normalised <= normalised { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}

extension OffsetMap {
    /// Follows offsets that only grow, without searching.
    struct Cursor {
        private var index = -1

        /// Where a byte's own bytes begin in the text as it came.
        mutating func start(of normalised: Int, in map: OffsetMap) -> Int {
            while index + 1 < map.pieces.count, map.pieces[index + 1].normalised <= normalised { index += 1 }
            guard index >= 0 else { return normalised }
            let piece = map.pieces[index]
            return piece.width == 0 ? piece.raw + normalised - piece.normalised : piece.raw
        }

        /// The first normalised byte that begins at this raw offset or behind it.
        mutating func normalised(from raw: Int, in map: OffsetMap) -> Int {
            while index + 1 < map.pieces.count, map.pieces[index + 1].raw <= raw { index += 1 }
            guard index >= 0 else { return raw }
            let piece = map.pieces[index]
            if piece.width == 0 {
                // Behind the end of the run stands what was taken off.
                let next = index + 1 < map.pieces.count ? map.pieces[index + 1].normalised : Int.max
                return min(piece.normalised + raw - piece.raw, next)
            }
            return raw == piece.raw ? piece.normalised : piece.normalised + 1
        }
    }
}
