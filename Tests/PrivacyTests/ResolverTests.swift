import Testing

@testable import OrchPrivacy

struct ResolverTests {
    private static let catalogue = Catalogue([
        Detector("one", .personal, []), Detector("two", .personal, []), Detector("key", .secret, []),
    ])

    private func resolve(_ candidates: [Candidate]) -> [Candidate] {
        var resolver = Resolver(Self.catalogue)
        var found = candidates.compactMap { resolver.take($0) }
        if let last = resolver.close() { found.append(last) }
        return found
    }

    private func candidate(_ range: Range<Int>, _ detector: Int32, _ confidence: UInt8 = 80) -> Candidate {
        Candidate(range, detector: detector, confidence: confidence)
    }

    @Test func whatDoesNotOverlapStays() {
        let candidates = [candidate(0..<3, 0), candidate(3..<5, 1)]
        #expect(resolve(candidates) == candidates)
    }

    @Test func whatOverlapsBecomesOneWithTheBestName() {
        #expect(resolve([candidate(0..<5, 0), candidate(2..<8, 1, 90)]) == [candidate(0..<8, 1, 90)])
        #expect(resolve([candidate(0..<9, 0, 95), candidate(2..<4, 2, 60)]) == [candidate(0..<9, 2, 60)])
        #expect(resolve([candidate(0..<4, 1), candidate(0..<4, 0)]) == [candidate(0..<4, 0)])
    }

    @Test func aWeakOneNeverWidensABetterOne() {
        #expect(resolve([candidate(0..<9, 0, 30), candidate(2..<4, 1)]) == [candidate(2..<4, 1)])
        #expect(resolve([candidate(2..<6, 1), candidate(4..<9, 0, 30)]) == [candidate(2..<6, 1)])
    }

    @Test func aChainOfOverlapsIsCutInPieces() {
        let found = resolve((0..<50).map { candidate($0 * 500..<$0 * 500 + 700, 0) })
        #expect(found.count > 10)
        #expect(found.first?.start == 0 && found.last?.end == 25_200)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.end == $1.start })
    }
}
