import Dispatch
import OrchEmbeddings
import Synchronization
import Testing

struct EmbeddingServiceTests {
    /// Gives each text's length, as soon as its gate is open.
    private final class GatedEmbedder: Embedder {
        let name = "gated"
        let hash = ""
        let dimensions = 1
        let maximumTokens: Int? = nil
        private let gate = DispatchSemaphore(value: 0)
        private let state = Mutex<(isOpen: Bool, begun: Int)>((false, 0))

        /// How many calls have begun.
        var begun: Int { state.withLock(\.begun) }

        func open() {
            state.withLock { $0.isOpen = true }
            gate.signal()
        }

        func tokens(of text: String) -> Int { text.utf8.count }

        func embed(_ texts: [String], isCancelled: () -> Bool) throws(EmbedderError) -> [[Float]] {
            let isOpen = state.withLock { state in
                state.begun += 1
                return state.isOpen
            }
            if !isOpen {
                gate.wait()
                gate.signal()
            }
            if isCancelled() { throw EmbedderError(.cancelled, "not wanted") }
            if texts.contains("bad") { throw EmbedderError(.inputTooLarge, "bad") }
            return texts.map { [Float($0.utf8.count)] }
        }

        func waitForWork(_ count: Int = 1) async throws {
            for _ in 0..<3000 where begun < count { try await Task.sleep(for: .milliseconds(2)) }
            try #require(begun >= count)
        }
    }

    private func texts(_ count: Int) -> [String] { (0..<count).map { String(repeating: "x", count: $0 % 50) } }

    @Test(arguments: [1, 2, 4])
    func `vectors come in the order of their texts`(threads: Int) async throws {
        let embedder = GatedEmbedder()
        embedder.open()
        let service = EmbeddingService(threads: threads) { () throws(EmbedderError) in embedder }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for count in [0, 1, 15, 16, 17, 100, 333] {
                group.addTask {
                    let vectors = try await service.embed(texts(count))
                    #expect(vectors == texts(count).map { [Float($0.utf8.count)] })
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `more texts than may wait are refused, and taken when there is room again`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(maximumTexts: 20) { () throws(EmbedderError) in embedder }
        async let first = service.embed(texts(20))
        try await embedder.waitForWork()
        let error = await #expect(throws: EmbedderError.self) { try await service.embed(["y"]) }
        #expect(error?.code == .queueFull)
        embedder.open()
        #expect(try await first.count == 20)
        #expect(try await service.embed(texts(20)).count == 20)
        let tooMany = await #expect(throws: EmbedderError.self) { try await service.embed(texts(21)) }
        #expect(tooMany?.code == .inputTooLarge)
    }

    @Test func `texts of more bytes than may wait are refused`() async throws {
        let embedder = GatedEmbedder()
        embedder.open()
        let service = EmbeddingService { () throws(EmbedderError) in embedder }
        let large = String(repeating: "x", count: EmbedderLimits.textBytes)
        let fitting = EmbeddingService.maximumBytes / EmbedderLimits.textBytes
        let tooMany = [String](repeating: large, count: fitting + 1)
        let error = await #expect(throws: EmbedderError.self) { try await service.embed(tooMany) }
        #expect(error?.code == .inputTooLarge)
        #expect(try await service.embed([large]).count == 1)
    }

    @Test func `a text that is too long is named by its place in the request, before anything is done`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService { () throws(EmbedderError) in embedder }
        let large = String(repeating: "x", count: EmbedderLimits.textBytes + 1)
        let error = await #expect(throws: EmbedderError.self) { try await service.embed(texts(20) + [large]) }
        #expect(error?.code == .inputTooLarge && error?.message.hasPrefix("text 20 ") == true)
    }

    @Test func `another queue of the same embedder does not wait for this one`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(maximumTexts: 1) { () throws(EmbedderError) in embedder }
        async let first = service.embed(["a"])
        try await embedder.waitForWork()
        let other = service.beside(maximumTexts: 1)
        async let second = other.embed(["b"])
        await #expect(throws: EmbedderError.self) { try await service.embed(["c"]) }
        // Loading is waited for, and not the texts before it.
        #expect(try await service.loaded().name == "gated")
        embedder.open()
        #expect(try await (first.count, second.count) == (1, 1))
    }

    @Test func `a request that waits ends at once when it is cancelled, and leaves its room`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService(maximumTexts: 30) { () throws(EmbedderError) in embedder }
        async let first = service.embed(["a"])
        try await embedder.waitForWork()
        let error = try await cancelled { try await service.embed(texts(29)) }
        #expect(error?.code == .cancelled)
        embedder.open()
        #expect(try await first == [[1]])
        #expect(try await service.embed(texts(30)).count == 30)
    }

    @Test func `a request that is worked on ends with its pass, and begins no other`() async throws {
        let embedder = GatedEmbedder()
        let service = EmbeddingService { () throws(EmbedderError) in embedder }
        let error = try await cancelled(after: { try await embedder.waitForWork() }) {
            try await service.embed(texts(200))
        }
        #expect(error?.code == .cancelled)
        embedder.open()
        #expect(try await service.embed(["a"]) == [[1]])
        #expect(embedder.begun == 2)
    }

    /// What a task throws that is cancelled.
    private func cancelled(
        after condition: @Sendable () async throws -> Void = {},
        _ body: @escaping @Sendable () async throws -> [[Float]]
    ) async throws -> EmbedderError? {
        try await withThrowingTaskGroup(of: [[Float]].self) { group in
            group.addTask { try await body() }
            try await condition()
            group.cancelAll()
            return await #expect(throws: EmbedderError.self) { try await group.next() }
        }
    }

    @Test func `one bad request leaves the others alone`() async throws {
        let embedder = GatedEmbedder()
        embedder.open()
        let service = EmbeddingService(threads: 2) { () throws(EmbedderError) in embedder }
        async let good = service.embed(texts(100))
        let error = await #expect(throws: EmbedderError.self) { try await service.embed(texts(40) + ["bad"]) }
        #expect(error?.code == .inputTooLarge)
        #expect(try await good.count == 100)
    }

    @Test func `the embedder is loaded once, when it is first needed`() async throws {
        let loads = Atomic(0)
        let embedder = GatedEmbedder()
        embedder.open()
        let service = EmbeddingService(threads: 4) { () throws(EmbedderError) in
            loads.add(1, ordering: .relaxed)
            return embedder
        }
        #expect(loads.load(ordering: .relaxed) == 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await service.embed(["a"]) } }
            group.addTask {
                let name = try await service.loaded().name
                #expect(name == "gated")
            }
            try await group.waitForAll()
        }
        #expect(loads.load(ordering: .relaxed) == 1)
    }

    @Test(arguments: [(EmbedderError.Code.invalidModel, 1), (.unavailable, 4)])
    func `a model that is broken is said so to all, and one that cannot be opened now is tried again`(
        _ code: EmbedderError.Code, _ expected: Int
    ) async {
        let loads = Atomic(0)
        let service = EmbeddingService { () throws(EmbedderError) in
            loads.add(1, ordering: .relaxed)
            throw EmbedderError(code, "not now")
        }
        for _ in 0..<3 {
            let error = await #expect(throws: EmbedderError.self) { try await service.embed(["a"]) }
            #expect(error?.code == code)
        }
        await #expect(throws: EmbedderError.self) { try await service.loaded() }
        #expect(loads.load(ordering: .relaxed) == expected)
    }
}
