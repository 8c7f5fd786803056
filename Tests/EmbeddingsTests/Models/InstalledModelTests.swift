import OrchEmbeddings
import Testing

/// The real models. scripts/measure-embeddings holds their vectors against those of the same weights in floats.
@Suite(.enabled(if: InstalledModel.areExpected, InstalledModel.note))
struct InstalledModelTests {
    /// SHA-256 of the vectors' bits: the same on every machine.
    private static let goldenSentences = "7b7271675446f0ffc5d3403e12257c73eabda2c26a3a0bce40b62ba586e759b4"
    private static let goldenStatics = "bb6bf7cb7b814b161b72b0b0482a5e31be7208e1c7ab75840a7216b42b86cc34"

    @Test func `MiniLM's vectors of 200 texts are the golden ones`() throws {
        let vectors = try InstalledModel.sentences().embed(SampleTexts.texts(200), isCancelled: { false })
        #expect(SHA256.hexadecimal(vectors.bytes) == Self.goldenSentences)
    }

    @Test func `potion's vectors of 200 texts are the golden ones`() throws {
        let vectors = try InstalledModel.statics().embed(SampleTexts.texts(200), isCancelled: { false })
        #expect(SHA256.hexadecimal(vectors.bytes) == Self.goldenStatics)
    }

    @Test(arguments: InstructionSet.allCases.filter(\.isAvailable))
    func `vectors have the same bits with all instructions`(instructions: InstructionSet) throws {
        // Plain C takes its time in builds that do not optimise.
        let texts = SampleTexts.texts(instructions == .portable ? 2 : 20)
        let expected = try InstalledModel.sentences().embed(texts, isCancelled: { false })
        let sentences = try InstalledModel.minilm.load(instructions).embed(texts, isCancelled: { false })
        #expect(sentences.digest == expected.digest)
        let statics = try InstalledModel.potion.load(instructions).embed(texts, isCancelled: { false })
        #expect(try statics.digest == InstalledModel.statics().embed(texts, isCancelled: { false }).digest)
    }

    @Test func `what else is in a batch changes no bit`() throws {
        let embedder = try InstalledModel.sentences()
        let texts = SampleTexts.texts(20)
        let together = try embedder.embed(texts, isCancelled: { false })
        #expect(try texts.map { try embedder.embed($0) }.digest == together.digest)
    }

    @Test func `four threads give the bits of one`() async throws {
        let embedder = try InstalledModel.sentences()
        let texts = SampleTexts.texts(40)
        let service = EmbeddingService(threads: 4) { () throws(EmbedderError) in embedder }
        let expected = try embedder.embed(texts, isCancelled: { false })
        #expect(try await service.embed(texts).digest == expected.digest)
    }

    @Test func `ids are those of the field's tokenizers`() throws {
        let embedder = try InstalledModel.sentences()
        #expect(embedder.ids(of: "Hello, World!") == [101, 7592, 1010, 2088, 999, 102])
        #expect(embedder.ids(of: "unaffable café") == [101, 14477, 20961, 3468, 7668, 102])
        #expect(embedder.ids(of: "") == [101, 102])
    }

    @Test(arguments: [
        ("how do i reset my password", "i forgot my login and need a new one", "the soup needs more salt"),
        ("what's the weather tomorrow", "will it rain in the morning", "transfer money to my savings account"),
        ("a cat sat on the mat", "the kitten is sitting on a rug", "interest rates rose by half a point"),
    ])
    func `a paraphrase is nearer than another subject`(text: String, paraphrase: String, other: String) throws {
        for embedder in [try InstalledModel.sentences() as any Embedder, try InstalledModel.statics()] {
            let vectors = try embedder.embed([text, paraphrase, other], isCancelled: { false })
            let (near, far) = (Similarity.dot(vectors[0], vectors[1]), Similarity.dot(vectors[0], vectors[2]))
            #expect(near > far + 0.1, "\(embedder.name): \(near) and \(far)")
        }
    }

    @Test(arguments: [
        "", " \t\n ", "\u{0}", String(repeating: "\u{0}", count: 1000), "\u{FFFD}", "🤷🏻‍♀️", "\u{301}\u{302E}",
        String(repeating: "a", count: 1 << 20), String(repeating: "\u{302E}", count: 10_000), "\u{10FFFF}",
    ])
    func `hostile texts have vectors of length 1, or of zeros`(text: String) throws {
        for embedder in [try InstalledModel.sentences() as any Embedder, try InstalledModel.statics()] {
            let vector = try embedder.embed(text)
            #expect(vector.count == embedder.dimensions)
            let square = Similarity.dot(vector, vector)
            let isEmpty = embedder.tokens(of: text) == 0
            #expect(isEmpty ? square == 0 : abs(square - 1) < 1e-5)
        }
    }

    @Test func `a mebibyte of words fills the tokens that count`() throws {
        let text = String(repeating: "word and ", count: (1 << 20) / 9)
        #expect(try InstalledModel.sentences().tokens(of: text) == 256)
        #expect(try InstalledModel.statics().tokens(of: text) > 200_000)
        #expect(try InstalledModel.statics().embed(text).count == 256)
    }
}
