/// Merges a long piece with a queue of possible merges: n log n, whatever the bytes. The memory is kept for the next.
struct LongPiece {
    /// By symbol, which is named by its place at the start: where it ends, its id, its neighbours, and its merge with
    /// the next.
    private var ends: [UInt32] = []
    private var ids: [UInt32] = []
    private var next: [UInt32] = []
    private var previous: [UInt32] = []
    private var merges: [UInt64] = []
    /// What a ``MergeQueue`` works in.
    private var heap: [UInt64] = []
    private var sorted: [UInt64] = []

    private static let nowhere = UInt32.max

    /// Merges up to 2^31 bytes.
    mutating func merge(
        _ piece: UnsafePointer<UInt8>, _ length: Int, _ encoder: PieceEncoder, at offset: Int,
        into sink: inout some TokenSink
    ) {
        precondition(length < 1 << 31, "a piece has less than 2 GiB")
        let count = begin(piece, length, encoder)
        guard count > 0 else { return }
        // At most: one entry for each symbol, and two more for each merge, which takes one away.
        if heap.count < 2 * count {
            heap = [UInt64](repeating: 0, count: 2 * count)
            sorted = [UInt64](repeating: 0, count: count)
        }
        ends.withUnsafeMutableBufferPointer { ends in
            ids.withUnsafeMutableBufferPointer { ids in
                next.withUnsafeMutableBufferPointer { next in
                    previous.withUnsafeMutableBufferPointer { previous in
                        merges.withUnsafeMutableBufferPointer { merges in
                            heap.withUnsafeMutableBufferPointer { heap in
                                sorted.withUnsafeMutableBufferPointer { sorted in
                                    Self.run(
                                        piece, count, encoder,
                                        Symbols(ends: ends, ids: ids, next: next, previous: previous, merges: merges),
                                        MergeQueue(heap: heap, sorted: sorted))
                                }
                            }
                        }
                    }
                }
            }
        }
        var place: UInt32 = 0
        while place != Self.nowhere {
            let index = Int(place)
            if ids[index] != Merge.hole { sink.append(ids[index], end: offset + Int(ends[index])) }
            place = next[index]
        }
    }

    /// Pointers into the arrays; each has at least as many elements as there are symbols.
    private struct Symbols {
        let ends: UnsafeMutableBufferPointer<UInt32>
        let ids: UnsafeMutableBufferPointer<UInt32>
        let next: UnsafeMutableBufferPointer<UInt32>
        let previous: UnsafeMutableBufferPointer<UInt32>
        let merges: UnsafeMutableBufferPointer<UInt64>

        /// Where a symbol begins.
        @inline(__always)
        func start(_ place: Int) -> Int {
            previous[place] == LongPiece.nowhere ? 0 : Int(ends[Int(previous[place])])
        }
    }

    /// A symbol for each byte, linked in order.
    private mutating func begin(_ piece: UnsafePointer<UInt8>, _ length: Int, _ encoder: PieceEncoder) -> Int {
        if ends.count < length {
            ends = [UInt32](repeating: 0, count: length)
            ids = ends
            next = ends
            previous = ends
            merges = [UInt64](repeating: 0, count: length)
        }
        var count = 0
        for place in 0..<length {
            let id = encoder.symbols[Int(piece[place])]
            if id == Merge.hole, !encoder.holesSeparate { continue }
            ids[count] = id
            ends[count] = UInt32(place + 1)
            next[count] = UInt32(count + 1)
            previous[count] = count == 0 ? Self.nowhere : UInt32(count - 1)
            count += 1
        }
        if count > 0 { next[count - 1] = Self.nowhere }
        return count
    }

    private static func run(
        _ piece: UnsafePointer<UInt8>, _ count: Int, _ encoder: PieceEncoder, _ symbols: Symbols, _ queue: MergeQueue
    ) {
        var queue = queue
        for place in 0..<count {
            let merge =
                place + 1 < count
                ? encoder.merge(
                    piece, symbols.start(place), Int(symbols.ends[place + 1]), symbols.ids[place],
                    symbols.ids[place + 1])
                : Merge.none
            symbols.merges[place] = merge
            if merge != Merge.none { queue.add(merge & ~0xFFFF_FFFF | UInt64(place)) }
        }
        queue.order()
        while let entry = queue.removeFirst() {
            let place = Int(entry & 0xFFFF_FFFF)
            let merge = symbols.merges[place]
            guard merge != Merge.none, merge >> 32 == entry >> 32 else { continue }
            // There is a merge, so there is a next.
            let taken = Int(symbols.next[place])
            let after = symbols.next[taken]
            symbols.ids[place] = UInt32(truncatingIfNeeded: merge)
            symbols.ends[place] = symbols.ends[taken]
            symbols.merges[taken] = Merge.none
            symbols.next[place] = after
            if after != nowhere { symbols.previous[Int(after)] = UInt32(place) }
            renew(place, piece, encoder, symbols, &queue)
            let before = symbols.previous[place]
            if before != nowhere { renew(Int(before), piece, encoder, symbols, &queue) }
        }
    }

    /// Finds the merge of a symbol with its next anew.
    @inline(__always)
    private static func renew(
        _ place: Int, _ piece: UnsafePointer<UInt8>, _ encoder: PieceEncoder, _ symbols: Symbols,
        _ queue: inout MergeQueue
    ) {
        var merge = Merge.none
        if symbols.next[place] != nowhere {
            let next = Int(symbols.next[place])
            merge = encoder.merge(
                piece, symbols.start(place), Int(symbols.ends[next]), symbols.ids[place], symbols.ids[next])
        }
        symbols.merges[place] = merge
        if merge != Merge.none { queue.push(merge & ~0xFFFF_FFFF | UInt64(place)) }
    }
}
