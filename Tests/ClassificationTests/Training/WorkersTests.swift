import Testing

@testable import OrchClassification

struct WorkersTests {
    @Test(arguments: [1, 3, 16])
    func `results stand in the order of parts`(threads: Int) async throws {
        let results = try await Workers(threads: threads).map(100) { $0 * $0 }
        #expect(results == (0..<100).map { $0 * $0 })
        #expect(try await Workers(threads: threads).map(0) { $0 }.isEmpty)
    }
}
