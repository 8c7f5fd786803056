/// Possible merges, rank in the high half and place in the low one, the least first. In memory of the caller's.
///
/// Those that are there from the start are many and sorted once; only those that come later go through a heap.
struct MergeQueue {
    /// Twice as many as there are symbols: the most entries there can be at a time.
    private let heap: UnsafeMutableBufferPointer<UInt64>
    private var count = 0
    /// As many as there are symbols.
    private let sorted: UnsafeMutableBufferPointer<UInt64>
    private var first = 0
    private var end = 0

    init(heap: UnsafeMutableBufferPointer<UInt64>, sorted: UnsafeMutableBufferPointer<UInt64>) {
        self.heap = heap
        self.sorted = sorted
    }

    /// Puts in one that is there from the start, by rising places; ``order()`` must follow the last.
    @inline(__always)
    mutating func add(_ entry: UInt64) {
        sorted[end] = entry
        end += 1
    }

    /// Sorts by rank in two stable passes of 11 bits: ranks are below 2^21, and places rise already. The heap, which is
    /// empty yet, is the other memory.
    mutating func order() {
        guard end > 4096 else {
            for index in 0..<end { push(sorted[index]) }
            end = 0
            return
        }
        let lower = UnsafeMutableBufferPointer(rebasing: heap[..<end])
        Self.pass(from: UnsafeMutableBufferPointer(rebasing: sorted[..<end]), to: lower, shift: 32)
        Self.pass(from: lower, to: sorted, shift: 43)
    }

    private static func pass(
        from source: UnsafeMutableBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>, shift: UInt64
    ) {
        var starts = [Int](repeating: 0, count: 2049)
        for entry in source { starts[Int(entry >> shift & 2047) + 1] += 1 }
        for digit in 1..<2048 { starts[digit] += starts[digit - 1] }
        for entry in source {
            let digit = Int(entry >> shift & 2047)
            target[starts[digit]] = entry
            starts[digit] += 1
        }
    }

    @inline(__always)
    mutating func push(_ entry: UInt64) {
        var place = count
        count += 1
        while place > 0 {
            let parent = (place - 1) >> 2
            guard heap[parent] > entry else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    @inline(__always)
    mutating func removeFirst() -> UInt64? {
        if first < end, count == 0 || sorted[first] < heap[0] {
            first += 1
            return sorted[first - 1]
        }
        guard count > 0 else { return nil }
        let least = heap[0]
        count -= 1
        if count > 0 { sink(heap[count]) }
        return least
    }

    /// Finds the place of an entry from the top down; each has four below it.
    @inline(__always)
    private func sink(_ entry: UInt64) {
        var place = 0
        while true {
            let child = 4 * place + 1
            guard child < count else { break }
            var least = child
            for other in child + 1..<max(min(child + 4, count), child + 1) where heap[other] < heap[least] {
                least = other
            }
            guard heap[least] < entry else { break }
            heap[place] = heap[least]
            place = least
        }
        heap[place] = entry
    }
}
