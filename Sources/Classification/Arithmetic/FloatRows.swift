import CEmbeddings

/// Rows of floats in aligned memory, each filled up with zeros to a multiple of 64.
///
/// `@unchecked Sendable`: written by whoever makes it, before anyone else sees it; only `deinit` frees.
final class FloatRows: @unchecked Sendable {
    let count: Int
    let dimensions: Int
    /// Floats from one row to the next.
    let stride: Int
    let numbers: UnsafeMutablePointer<Float>

    init(count: Int, dimensions: Int) {
        self.count = count
        self.dimensions = dimensions
        stride = Self.stride(for: dimensions)
        let size = max(1, count) * stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64)
        numbers = memory.bindMemory(to: Float.self, capacity: size)
        numbers.initialize(repeating: 0, count: size)
    }

    deinit { UnsafeMutableRawPointer(numbers).deallocate() }

    static func stride(for dimensions: Int) -> Int { (dimensions + 63) / 64 * 64 }

    func row(_ index: Int) -> UnsafeMutablePointer<Float> { numbers + index * stride }

    /// A row's numbers without what fills it up.
    func values(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: row(index), count: dimensions)
    }

    func set(_ index: Int, _ vector: some Collection<Float>) {
        _ = values(index).update(fromContentsOf: vector)
    }

    /// Whether a row holds numbers only, and is no longer than 1 but for rounding.
    func isUsable(_ index: Int) -> Bool {
        // Two infinities or anything that is no number would make the sum no number, or too large.
        cem_dot(Instructions.best.path, row(index), row(index), stride) <= 1.01
    }

    /// The mean of chosen rows of a table, at length 1, becomes a row here.
    func setMean(_ index: Int, of ids: [UInt32], in table: FloatRows, _ instructions: Instructions) {
        _ = cem_mean_of_rows(instructions.path, table.numbers, ids, ids.count, stride, row(index))
    }

    /// The sum of products of a row with a vector of as many numbers.
    func dot(_ index: Int, _ vector: UnsafePointer<Float>, _ instructions: Instructions) -> Float {
        cem_dot(instructions.path, row(index), vector, stride)
    }
}
