import Testing

@testable import OrchClassification

struct HeadPlanTests {
    private static let table: TextTable = {
        var generator = Generator(3)
        let rows = FloatRows(count: 40, dimensions: 24)
        for row in 0..<40 { rows.set(row, generator.vector(24, near: SampleLabels.centre(UInt64(row / 10)))) }
        return TextTable(hashes: (0..<40).map { TextHash(of: "\($0)") }, vectors: rows, members: [])
    }()

    private static func plan(_ neighbours: [[UInt32]], missing: Int = 0) -> HeadPlan {
        HeadPlan(positives: Array(0..<10), neighbours: neighbours, missing: missing, of: table, embedder: "")
    }

    private static func value(_ head: Head, _ row: Int) -> Float {
        zip(head.weights, table.vectors.values(row)).reduce(head.bias) { $0 + $1.0 * $1.1 }
    }

    @Test func `a head is above 0 for its own texts and below for its neighbours'`() {
        let head = Self.plan([Array(10..<20), Array(20..<30)]).train(Self.table.vectors, .best)
        for row in 0..<30 { #expect((Self.value(head, row) > 0) == (row < 10)) }
    }

    @Test func `without neighbours the zero vector is refused`() {
        let head = Self.plan([], missing: 20).train(Self.table.vectors, .best)
        #expect(head.bias < -0.5)
        #expect(Self.value(head, 3) > 0.3)
    }

    @Test func `all instructions give the same bits`() {
        let plan = Self.plan([Array(10..<20), Array(20..<40)], missing: 3)
        let heads = Instructions.allCases.filter(\.isAvailable).map { plan.train(Self.table.vectors, $0) }
        for head in heads {
            #expect(head.weights.map(\.bitPattern) == heads[0].weights.map(\.bitPattern))
            #expect(head.bias.bitPattern == heads[0].bias.bitPattern)
        }
    }

    @Test func `the hash is that of all texts, and the order of neighbours does not count`() {
        let hash = Self.plan([Array(10..<20), Array(20..<30)]).hash
        #expect(Self.plan([Array(20..<30), Array(10..<20)]).hash == hash)
        #expect(Self.plan([Array(10..<20), Array(20..<31)]).hash != hash)
        #expect(Self.plan([Array(10..<20)]).hash != hash)
        #expect(Self.plan([Array(10..<20), Array(20..<30)], missing: 1).hash != hash)
    }
}
