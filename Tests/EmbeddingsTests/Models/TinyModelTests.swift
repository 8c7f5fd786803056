import OrchEmbeddings
import Testing

/// Exactness on a model that needs no files: every path, every batch, every address.
struct TinyModelTests {
    private static let texts = ["a", "", "ab c", "字 b.", "abababcabc a b c . a b c", "a b"] + SampleTexts.texts(20)

    @Test(arguments: InstructionSet.allCases.filter(\.isAvailable))
    func `vectors have the same bits with all instructions`(instructions: InstructionSet) throws {
        let expected = try TinyModel().load(instructions: .portable).embed(Self.texts, isCancelled: { false })
        let found = try TinyModel().load(instructions: instructions).embed(Self.texts, isCancelled: { false })
        #expect(found.digest == expected.digest)
    }

    @Test func `the weights may stand at any address`() throws {
        let expected = try TinyModel().load().embed(Self.texts, isCancelled: { false })
        for offset in [1, 2, 3, 7] {
            let found = try TinyModel().load(offset: offset).embed(Self.texts, isCancelled: { false })
            #expect(found.digest == expected.digest)
        }
    }

    @Test func `what else is in a batch changes no bit`() throws {
        let embedder = try TinyModel().load()
        let together = try embedder.embed(Self.texts, isCancelled: { false })
        #expect(try Self.texts.map { try embedder.embed($0) }.digest == together.digest)
        let turned = try embedder.embed(Self.texts.reversed(), isCancelled: { false })
        #expect(Array(turned.reversed()).digest == together.digest)
    }

    @Test func `a text of more tokens than count is cut, and the count says so`() throws {
        let embedder = try TinyModel().load(maximumTokens: 10)
        let long = Array(repeating: "a", count: 500).joined(separator: " ")
        #expect(embedder.tokens(of: long) == 10)
        #expect(try embedder.embed(long) == embedder.embed("a a a a a a a a"))
        #expect(embedder.tokens(of: "") == 2)
    }

    @Test func `a model without enough positions is refused`() {
        #expect(throws: EmbedderError.self) { try TinyModel().load(maximumTokens: 41) }
        #expect(throws: EmbedderError.self) { try TinyModel().load(maximumTokens: 2) }
    }

    @Test func `work that is not wanted ends between passes`() throws {
        var asked = 0
        let error = #expect(throws: EmbedderError.self) {
            try TinyModel().load().embed(Array(repeating: "a b c a b c", count: 100)) {
                asked += 1
                return asked > 3
            }
        }
        #expect(error?.code == .cancelled)
        #expect(asked == 4)
    }

    @Test func `a text beyond the bound of bytes is refused before any work`() throws {
        let text = String(repeating: "a", count: EmbedderLimits.textBytes + 1)
        let error = #expect(throws: EmbedderError.self) { try TinyModel().load().embed(text) }
        #expect(error?.code == .inputTooLarge)
        #expect(try TinyModel().load().embed(String(text.dropLast())).count == 32)
    }
}
