import CEmbeddings

/// Rows rounded to 8-bit integers with a scale each: their products with a vector are sums of integers, which are
/// exact in any order, and take a quarter of the memory.
///
/// `@unchecked Sendable`: nothing changes after `init`, and only `deinit` frees.
final class ByteRows: @unchecked Sendable {
    let count: Int
    let stride: Int
    let numbers: UnsafeMutablePointer<Int8>
    let scales: [Float]

    init(_ rows: FloatRows) {
        count = rows.count
        stride = rows.stride
        let size = max(1, count) * stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        let numbers = memory.bindMemory(to: Int8.self, capacity: size)
        numbers.initialize(repeating: 0, count: size)
        scales = (0..<rows.count).map {
            cem_quantise_bytes(rows.row($0), rows.stride, numbers + $0 * rows.stride)
        }
        self.numbers = numbers
    }

    /// The sums of products of all rows with a query's integers.
    func multiply(_ query: Query, into sums: UnsafeMutableBufferPointer<Int32>, _ instructions: Instructions) {
        precondition(sums.count == count && query.integers.count == stride, "rows of another size")
        guard let sums = sums.baseAddress else { return }
        cem_multiply_bytes(instructions.path, numbers, count, stride, query.integers, sums)
    }

    /// The sum of products of one row.
    func product(of row: Int, _ query: Query, _ instructions: Instructions) -> Int32 {
        precondition(row < count && query.integers.count == stride, "a row of another size")
        var sum: Int32 = 0
        cem_multiply_bytes(instructions.path, numbers + row * stride, 1, stride, query.integers, &sum)
        return sum
    }

    /// The mean of the largest few products of chosen rows with a query.
    func meanOfNearest(_ most: Int, of ids: [UInt32], to query: Query, _ instructions: Instructions) -> Float {
        cem_mean_of_nearest(
            instructions.path, numbers, scales, ids, ids.count, stride, query.integers, query.scale, most)
    }

    deinit { UnsafeMutableRawPointer(numbers).deallocate() }
}
