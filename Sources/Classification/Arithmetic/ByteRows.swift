internal import CEmbeddings

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

    deinit { UnsafeMutableRawPointer(numbers).deallocate() }
}
