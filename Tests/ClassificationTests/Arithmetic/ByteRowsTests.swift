import Testing

@testable import OrchClassification

struct ByteRowsTests {
    private static let sets = Instructions.allCases.filter(\.isAvailable)

    /// Rows whose numbers are all as large as can be, and rows of any.
    private static func rows(_ dimensions: Int) -> FloatRows {
        var generator = Generator(4)
        let rows = FloatRows(count: 19, dimensions: dimensions)
        for row in 0..<rows.count {
            let vector: [Float] = (0..<dimensions).map { _ in
                if row == 0 { return 1 }
                if row == 1 { return -1 }
                return Float.random(in: -1...1, using: &generator)
            }
            rows.set(row, vector)
        }
        return rows
    }

    @Test(arguments: [1, 64, 100, 384, 2048])
    func `products are exact with all instructions, the largest included`(dimensions: Int) {
        let rows = Self.rows(dimensions)
        let bytes = ByteRows(rows)
        for row in [0, 1, 5] {
            let query = Query(rows.values(row), stride: rows.stride, .best)
            let exact: [Int] = (0..<rows.count).map { other in
                var sum = 0
                for place in 0..<rows.stride {
                    sum += Int(bytes.numbers[other * rows.stride + place]) * Int(query.integers[place])
                }
                return sum
            }
            for set in Self.sets {
                let found = withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows.count) { sums in
                    bytes.multiply(query, into: sums, set)
                    return sums.map(Int.init)
                }
                #expect(found == exact)
            }
        }
    }

    @Test func `the mean of the nearest is that of the largest products`() {
        let rows = FloatRows(count: 10, dimensions: 8)
        for row in 0..<10 { rows.set(row, [Float(row) / 10, 1, 0, 0, 0, 0, 0, 0]) }
        let bytes = ByteRows(rows)
        let query = Query([1, 0, 0, 0, 0, 0, 0, 0], stride: rows.stride, .best)
        for set in Self.sets {
            func mean(_ ids: [UInt32]) -> Float { bytes.meanOfNearest(3, of: ids, to: query, set) }
            #expect((mean([9, 1, 5, 7, 2]) - 0.7).magnitude < 0.005)
            #expect((mean([1, 2]) - 0.15).magnitude < 0.005)
            #expect(mean([]) == 0)
            #expect(
                mean([9, 1, 5, 7, 2]).bitPattern
                    == bytes.meanOfNearest(3, of: [7, 9, 2, 5], to: query, .portable).bitPattern)
        }
    }

    @Test func `numbers are 127 at most, and zeros stay zeros`() {
        let rows = FloatRows(count: 2, dimensions: 64)
        rows.set(0, (0..<64).map { Float($0 - 32) / 32 })
        let bytes = ByteRows(rows)
        #expect(bytes.scales == [Float(1) / 127, 0])
        #expect(bytes.numbers[0] == -127 && bytes.numbers[32] == 0 && bytes.numbers[63] == 123)
        #expect((64..<128).allSatisfy { bytes.numbers[$0] == 0 })
    }
}
