/// Merges the bytes of one piece after another into tokens. Holds pointers into a tokenizer's tables, for one call.
struct PieceEncoder {
    let tokens: TokenView
    /// Merges by pair; nil where two tokens merge if a token has their bytes, in the order of its id (tiktoken).
    let pairs: PairView?
    /// 256 ids.
    let symbols: UnsafePointer<UInt32>
    let holesSeparate: Bool
    /// `Merge.smallLimit` entries each.
    let ends: UnsafeMutablePointer<UInt32>
    let ids: UnsafeMutablePointer<UInt32>
    let merges: UnsafeMutablePointer<UInt64>
    /// For pieces beyond the limit; made when the first comes.
    var long: LongPiece?

    /// Encodes the bytes from `start` to `end` of a text, which must be a piece of its own.
    @inline(__always)
    mutating func encode(
        _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int, into sink: inout some TokenSink
    ) {
        let count = end - start
        if count > 1 {
            let id = tokens.id(of: text + start, count)
            if id >= 0 {
                sink.append(UInt32(truncatingIfNeeded: id), end: end)
                return
            }
            if count <= Merge.smallLimit {
                merge(text + start, count, at: start, into: &sink)
            } else {
                mergeLong(text + start, count, at: start, into: &sink)
            }
            return
        }
        let id = symbols[Int(text[start])]
        if id != Merge.hole { sink.append(id, end: end) }
    }

    /// The merge of what ends at `middle` with what ends at `end`, both begun at `start`.
    @inline(__always)
    func merge(
        _ piece: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ left: UInt32, _ right: UInt32
    ) -> UInt64 {
        if let pairs { return pairs.merge(left, right) }
        let id = tokens.id(of: piece + start, end - start)
        return id < 0 ? Merge.none : UInt64(id) << 32 | UInt64(id)
    }

    /// Looks for the earliest merge again after each: quadratic, but the fastest for short pieces.
    private func merge(
        _ piece: UnsafePointer<UInt8>, _ length: Int, at offset: Int, into sink: inout some TokenSink
    ) {
        var count = 0
        for place in 0..<length {
            let id = symbols[Int(piece[place])]
            if id == Merge.hole, !holesSeparate { continue }
            ids[count] = id
            ends[count] = UInt32(truncatingIfNeeded: place + 1)
            count += 1
        }
        guard count > 0 else { return }
        for index in 0..<count - 1 {
            let start = index == 0 ? 0 : Int(ends[index - 1])
            merges[index] = merge(piece, start, Int(ends[index + 1]), ids[index], ids[index + 1])
        }
        while count > 1 {
            var best = Merge.none
            var place = 0
            for index in 0..<count - 1 where merges[index] < best {
                best = merges[index]
                place = index
            }
            guard best != Merge.none else { break }
            let id = UInt32(truncatingIfNeeded: best)
            ids[place] = id
            ends[place] = ends[place + 1]
            count -= 1
            for index in place + 1..<max(count, place + 1) {
                ids[index] = ids[index + 1]
                ends[index] = ends[index + 1]
                merges[index - 1] = merges[index]
            }
            let start = place == 0 ? 0 : Int(ends[place - 1])
            if place + 1 < count {
                merges[place] = merge(piece, start, Int(ends[place + 1]), id, ids[place + 1])
            }
            if place > 0 {
                let before = place == 1 ? 0 : Int(ends[place - 2])
                merges[place - 1] = merge(piece, before, Int(ends[place]), ids[place - 1], id)
            }
        }
        for index in 0..<count where ids[index] != Merge.hole {
            sink.append(ids[index], end: offset + Int(ends[index]))
        }
    }

    @inline(never)
    private mutating func mergeLong(
        _ piece: UnsafePointer<UInt8>, _ length: Int, at offset: Int, into sink: inout some TokenSink
    ) {
        // Taken out, so that the arrays are not shared while they change.
        var work = long ?? LongPiece()
        long = nil
        work.merge(piece, length, self, at: offset, into: &sink)
        long = work
    }
}
