import OrchEmbeddings
import Testing

struct SimilarityTests {
    @Test(arguments: [0, 1, 15, 16, 17, 100, 384])
    func `the sum of products is that of any order, up to rounding`(count: Int) {
        let left = (0..<count).map { Float($0 % 7) - 3 }
        let right = (0..<count).map { Float($0 % 5) - 2 }
        #expect(Similarity.dot(left, right) == zip(left, right).reduce(0) { $0 + $1.0 * $1.1 })
    }

    @Test func `the cosine needs vectors of one size that are not zero`() {
        #expect(Similarity.cosine([3, 4], [6, 8]) == 1)
        #expect(Similarity.cosine([1, 0], [0, 5]) == 0)
        #expect(Similarity.cosine([1, 0], [-2, 0]) == -1)
        #expect(Similarity.cosine([0, 0], [1, 1]) == 0)
        #expect(Similarity.cosine([1], [1, 1]) == 0)
        #expect(Similarity.cosine([.infinity], [1]) == 0)
    }
}
