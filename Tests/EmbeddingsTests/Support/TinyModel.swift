import OrchEmbeddings
import OrchTestSupport

/// A BERT of two layers and 32 numbers, of weights that are made up; its files can be spoiled before they are loaded.
struct TinyModel {
    static let pieces = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "##a", "##b", "ab", "##abc", "字", ".",
    ]

    var tensors = SafetensorsFile()
    var tokenizer = TinyModel.tokenizer(pieces)
    var configuration =
        #"{"model_type":"bert","hidden_act":"gelu","hidden_size":32,"num_hidden_layers":2,"num_attention_heads":2,"#
        + #""intermediate_size":64,"max_position_embeddings":40,"vocab_size":14,"layer_norm_eps":1e-12}"#

    init() {
        var generator = SeededGenerator(seed: 3)
        func add(_ name: String, _ shape: [Int], around center: Float = 0) {
            let count = shape.reduce(1, *)
            tensors.add(name, shape, (0..<count).map { _ in center + .random(in: -0.5...0.5, using: &generator) })
        }
        add("embeddings.word_embeddings.weight", [14, 32])
        add("embeddings.position_embeddings.weight", [40, 32])
        add("embeddings.token_type_embeddings.weight", [2, 32])
        add("embeddings.LayerNorm.weight", [32], around: 1)
        add("embeddings.LayerNorm.bias", [32])
        for layer in 0..<2 {
            let prefix = "encoder.layer.\(layer)."
            for name in ["self.query", "self.key", "self.value", "output.dense"] {
                add("\(prefix)attention.\(name).weight", [32, 32])
                add("\(prefix)attention.\(name).bias", [32])
            }
            add(prefix + "intermediate.dense.weight", [64, 32])
            add(prefix + "intermediate.dense.bias", [64])
            add(prefix + "output.dense.weight", [32, 64])
            add(prefix + "output.dense.bias", [32])
            for name in ["attention.output", "output"] {
                add("\(prefix)\(name).LayerNorm.weight", [32], around: 1)
                add("\(prefix)\(name).LayerNorm.bias", [32])
            }
        }
    }

    func load(
        maximumTokens: Int = 20, instructions: InstructionSet = .best, offset: Int = 0
    ) throws(EmbedderError) -> SentenceEmbedder {
        try SentenceEmbedder(
            name: "tiny", hash: "00", weights: WeightBytes(copying: tensors.bytes, offset: offset),
            tokenizer: Array(tokenizer.utf8), configuration: Array(configuration.utf8), maximumTokens: maximumTokens,
            instructions: instructions)
    }

    static func tokenizer(_ pieces: [String]) -> String {
        let vocabulary = pieces.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
        return
            ###"{"added_tokens":[{"id":2,"content":"[CLS]","special":true}],"normalizer":{"type":"BertNormalizer","###
            + ###""clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"###
            + ###""pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","unk_token":"[UNK]","###
            + ###""continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{\###(vocabulary)}}}"###
    }
}

/// A safetensors file in the making.
struct SafetensorsFile {
    private(set) var entries: [(name: String, dtype: String, shape: [Int], numbers: [Float])] = []
    /// Put in place of the header that belongs to the tensors.
    var header: String?
    /// Put in place of the header's length.
    var headerLength: UInt64?
    /// Put behind the tensors.
    var rest: [UInt8] = []

    mutating func add(_ name: String, _ shape: [Int], _ numbers: [Float], dtype: String = "F32") {
        entries.append((name, dtype, shape, numbers))
    }

    mutating func remove(_ name: String) { entries.removeAll { $0.name == name } }

    mutating func change(
        _ name: String, _ body: (inout (name: String, dtype: String, shape: [Int], numbers: [Float])) -> Void
    ) {
        for index in entries.indices where entries[index].name == name { body(&entries[index]) }
    }

    var bytes: [UInt8] {
        var start = 0
        var members: [String] = []
        var data: [UInt8] = []
        for entry in entries {
            let end = start + 4 * entry.numbers.count
            members.append(
                "\"\(entry.name)\":{\"dtype\":\"\(entry.dtype)\",\"shape\":\(entry.shape),"
                    + "\"data_offsets\":[\(start),\(end)]}")
            data += [entry.numbers].bytes
            start = end
        }
        let header = Array((self.header ?? "{\(members.joined(separator: ","))}").utf8)
        let length = headerLength ?? UInt64(header.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header + data + rest
    }
}
