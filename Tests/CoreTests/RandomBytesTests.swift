import Testing

@testable import OrchCore

@Suite("Randomness")
struct RandomBytesTests {
    @Test(
        "as many bytes as were asked for, more than the pool holds among them",
        arguments: [0, 1, 8, 255, 256, 257, 3000])
    func counts(count: Int) {
        #expect(RandomBytes.draw(count).count == count)
        guard count >= 8 else { return }
        #expect(RandomBytes.draw(count) != RandomBytes.draw(count))
        #expect(Set(RandomBytes.draw(count)).count > 1)
    }

    @Test("nothing is given twice, not to many at once either")
    func distinct() async {
        let words = await withTaskGroup(of: [UInt64].self) { group in
            for _ in 0..<8 { group.addTask { (0..<5000).map { _ in RandomBytes.word() } } }
            return await group.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
        }
        #expect(words.count == 40_000)
        let bits = words.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect((1_270_000...1_290_000).contains(bits), "half of 2,560,000 bits: \(bits)")
    }
}
