import Synchronization
import Testing

@testable import OrchTokens

@Suite struct VectorCacheTests {
    @Test func `each text is embedded once, and vectors come in the order of the texts`() async throws {
        let embedder = RecordingEmbedder()
        let cache = VectorCache()
        let first = try await cache.vectors(of: ["a", "bb", "a"], from: embedder.vectors)
        #expect(first == [[1], [2], [1]] && embedder.calls == [["a", "bb"]])
        let second = try await cache.vectors(of: ["bb", "ccc", "a"], from: embedder.vectors)
        #expect(second == [[2], [3], [1]] && embedder.calls == [["a", "bb"], ["ccc"]])
        _ = try await cache.vectors(of: ["a", "bb", "ccc"], from: embedder.vectors)
        #expect(embedder.calls.count == 2)
    }

    @Test(arguments: [0, 1, 5, 64])
    func `it never keeps more than its capacity, and answers all the same`(capacity: Int) async throws {
        let embedder = RecordingEmbedder()
        let cache = VectorCache(capacity: capacity)
        let texts = (1...100).map { String(repeating: "x", count: $0) }
        for start in stride(from: 0, to: 100, by: 7) {
            let some = Array(texts[start..<min(start + 30, 100)])
            #expect(try await cache.vectors(of: some, from: embedder.vectors) == some.map { [Float($0.utf8.count)] })
            #expect(cache.count <= capacity)
        }
        #expect(cache.count == capacity)
    }

    @Test func `full, it forgets what was not asked for`() async throws {
        let embedder = RecordingEmbedder()
        let cache = VectorCache(capacity: 3)
        _ = try await cache.vectors(of: ["a", "bb", "ccc"], from: embedder.vectors)
        _ = try await cache.vectors(of: ["a", "ccc"], from: embedder.vectors)
        _ = try await cache.vectors(of: ["dddd"], from: embedder.vectors)
        _ = try await cache.vectors(of: ["a", "ccc", "dddd"], from: embedder.vectors)
        #expect(embedder.calls == [["a", "bb", "ccc"], ["dddd"]])
        _ = try await cache.vectors(of: ["bb"], from: embedder.vectors)
        #expect(embedder.calls.last == ["bb"])
    }

    @Test func `an embedder that gives too few or too many vectors leaves them open, and nothing is kept`() async throws
    {
        let cache = VectorCache()
        #expect(try await cache.vectors(of: ["a", "b"], from: { _ in [[1]] }) == [nil, nil])
        #expect(try await cache.vectors(of: ["a"], from: { _ in [[1], [2]] }) == [nil])
        #expect(cache.count == 0)
    }

    @Test func `what the embedder throws comes through, and it is asked again`() async throws {
        struct Broken: Error {}
        let cache = VectorCache()
        await #expect(throws: Broken.self) { try await cache.vectors(of: ["a"], from: { _ in throw Broken() }) }
        #expect(try await cache.vectors(of: ["a"], from: RecordingEmbedder().vectors) == [[1]])
    }

    @Test func `many tasks may share it`() async throws {
        let cache = VectorCache(capacity: 20)
        let embedder = RecordingEmbedder()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<16 {
                group.addTask {
                    let texts = (1...40).map { String(repeating: "x", count: 1 + ($0 * (task + 3)) % 50) }
                    let vectors = try await cache.vectors(of: texts, from: embedder.vectors)
                    return vectors == texts.map { [Float($0.utf8.count)] }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(cache.count == 20)
    }
}

/// Makes of each text a vector of its length, and remembers what it was asked.
final class RecordingEmbedder: Sendable {
    private let asked = Mutex<[[String]]>([])

    var calls: [[String]] { asked.withLock(\.self) }

    var vectors: TextVectors {
        { texts in
            self.asked.withLock { $0.append(texts) }
            return texts.map { [Float($0.utf8.count)] }
        }
    }
}
