import OrchEmbeddings
import Testing

/// Weights that are not what they should be.
struct SafetensorsTests {
    @Test func `the model that the others are made from is sound`() throws {
        #expect(try TinyModel().load().dimensions == 32)
    }

    private static let spoiled: [(String, String, @Sendable (inout TinyModel) -> Void)] = [
        ("no JSON", "invalid_model", { $0.tensors.header = "{" }),
        ("no object", "invalid_model", { $0.tensors.header = "[]" }),
        ("a header beyond the file", "invalid_model", { $0.tensors.headerLength = 4_000_000 }),
        ("a header beyond its bound", "invalid_model", { $0.tensors.headerLength = .max }),
        ("no tensors", "invalid_model", { $0.tensors.header = "{}" }),
        ("bytes behind the last", "invalid_model", { $0.tensors.rest = [0] }),
        (
            "a shape larger than its bytes", "invalid_model",
            { $0.tensors.change("embeddings.LayerNorm.bias") { $0.shape = [33] } }
        ),
        (
            "a shape that overflows", "invalid_model",
            { $0.tensors.change("embeddings.LayerNorm.bias") { $0.shape = [1 << 40, 1 << 40] } }
        ),
        (
            "a negative shape", "invalid_model",
            { $0.tensors.change("embeddings.LayerNorm.bias") { $0.shape = [-32] } }
        ),
        (
            "another dtype", "unsupported_model",
            { $0.tensors.change("embeddings.LayerNorm.bias") { $0.dtype = "F16" } }
        ),
        (
            "another shape", "unsupported_model",
            { $0.tensors.change("encoder.layer.1.output.dense.weight") { $0.shape = [64, 32] } }
        ),
        ("a tensor missing", "unsupported_model", { $0.tensors.remove("encoder.layer.1.output.dense.bias") }),
        (
            "a weight that is no number", "invalid_model",
            { $0.tensors.change("encoder.layer.0.output.dense.weight") { $0.numbers[7] = .nan } }
        ),
        (
            "a weight without bound", "invalid_model",
            { $0.tensors.change("encoder.layer.0.output.dense.bias") { $0.numbers[7] = .infinity } }
        ),
        (
            "a weight beyond its bound", "invalid_model",
            { $0.tensors.change("encoder.layer.0.output.dense.weight") { $0.numbers[7] = 1e9 } }
        ),
        ("offsets out of order", "invalid_model", offsets("[128,0]")),
        ("offsets beyond the file", "invalid_model", offsets("[0,999999999]")),
        ("offsets that overflow", "invalid_model", offsets("[0,9223372036854775807]")),
        ("offsets that are fractions", "invalid_model", offsets("[0,128.5]")),
        ("one offset", "invalid_model", offsets("[0]")),
        ("no configuration", "invalid_model", { $0.configuration = "" }),
        ("another activation", "unsupported_model", replace("\"gelu\"", "\"relu\"")),
        ("another family", "unsupported_model", replace("\"bert\"", "\"gpt2\"")),
        ("heads that do not divide", "unsupported_model", replace("heads\":2", "heads\":3")),
        ("no layers", "invalid_model", replace("layers\":2", "layers\":0")),
        ("too many layers", "unsupported_model", replace("layers\":2", "layers\":1000000")),
        ("too few words", "unsupported_model", replace("vocab_size\":14", "vocab_size\":13")),
    ]

    private static func offsets(_ text: String) -> @Sendable (inout TinyModel) -> Void {
        { model in
            model.tensors.header =
                #"{"embeddings.LayerNorm.bias":{"dtype":"F32","shape":[32],"data_offsets":\#(text)}}"#
        }
    }

    private static func replace(_ old: String, _ new: String) -> @Sendable (inout TinyModel) -> Void {
        { $0.configuration = $0.configuration.replacing(old, with: new) }
    }

    @Test(arguments: spoiled.indices)
    func `a spoiled model is refused`(index: Int) {
        let (what, code, spoil) = Self.spoiled[index]
        var model = TinyModel()
        spoil(&model)
        let error = #expect(throws: EmbedderError.self, Comment(rawValue: what)) { try model.load() }
        #expect(error?.codeName == code, "\(what): \(error.map(String.init(describing:)) ?? "")")
    }

    @Test func `a file cut at any place is refused`() {
        let bytes = TinyModel().tensors.bytes
        for count in [0, 1, 7, 8, 9, 500, bytes.count / 2, bytes.count - 1] {
            let error = #expect(throws: EmbedderError.self) {
                try SentenceEmbedder(
                    name: "", hash: "", weights: WeightBytes(copying: Array(bytes[..<count])),
                    tokenizer: Array(TinyModel().tokenizer.utf8), configuration: Array(TinyModel().configuration.utf8),
                    maximumTokens: 20)
            }
            #expect(error?.code == .invalidModel)
        }
    }

    @Test func `words that lead to no number end in an error, and not in a vector`() throws {
        var model = TinyModel()
        model.tensors.change("embeddings.word_embeddings.weight") { $0.numbers[5 * 32] = .nan }
        let embedder = try model.load()
        let error = #expect(throws: EmbedderError.self) { try embedder.embed("a") }
        #expect(error?.code == .invalidModel)
        #expect(try embedder.embed("b").count == 32)
    }

    @Test func `a static table of another shape is refused, and one without numbers ends in an error`() throws {
        func load(_ shape: [Int], _ number: Float) throws -> StaticEmbedder {
            var file = SafetensorsFile()
            file.add("embeddings", shape, Array(repeating: number, count: shape.reduce(1, *)))
            return try StaticEmbedder(
                name: "", hash: "", weights: WeightBytes(copying: file.bytes),
                tokenizer: Array(TinyModel.tokenizer(TinyModel.pieces).utf8))
        }
        for shape in [[14], [14, 15], [13, 16], [14, 0], [7, 2, 16]] {
            let error = #expect(throws: EmbedderError.self) { try load(shape, 1) }
            #expect(error?.code == .unsupportedModel)
        }
        #expect(try load([14, 16], 1).embed("a") == Array(repeating: 0.25, count: 16))
        #expect(throws: EmbedderError.self) { try load([14, 16], .nan).embed("a") }
        #expect(throws: EmbedderError.self) { try load([14, 16], .greatestFiniteMagnitude).embed("a") }
    }
}
