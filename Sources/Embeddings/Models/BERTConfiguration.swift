import OrchCore

/// The parts of a BERT model's config.json that decide what is computed.
struct BERTConfiguration {
    let width: Int
    let layers: Int
    let heads: Int
    let innerWidth: Int
    let positions: Int
    let vocabulary: Int
    let epsilon: Float

    /// The most of any of them: bounds the memory that a file can ask for.
    private static let widthLimit = 1024
    private static let innerWidthLimit = 4096
    private static let layerLimit = 48

    /// - Throws: ``EmbedderError`` naming the member that is missing, or not supported.
    init(json: [UInt8]) throws(EmbedderError) {
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(parsing: json) } catch {
            throw EmbedderError(.invalidModel, "the configuration is not JSON: \(error.message)", cause: error)
        }
        let root = document.root
        guard root["model_type"]?.string == "bert" else { throw .unsupported("model_type is not bert") }
        guard root["hidden_act"]?.string == "gelu" else { throw .unsupported("hidden_act is not gelu") }
        guard root["position_embedding_type"]?.string ?? "absolute" == "absolute" else {
            throw .unsupported("position_embedding_type is not absolute")
        }
        width = try Self.count(root, "hidden_size", Self.widthLimit)
        layers = try Self.count(root, "num_hidden_layers", Self.layerLimit)
        heads = try Self.count(root, "num_attention_heads", Self.widthLimit)
        innerWidth = try Self.count(root, "intermediate_size", Self.innerWidthLimit)
        positions = try Self.count(root, "max_position_embeddings", 1 << 16)
        vocabulary = try Self.count(root, "vocab_size", WordPieceVocabulary.tokenLimit)
        guard let epsilon = root["layer_norm_eps"]?.double, epsilon >= 0, epsilon < 1 else {
            throw .invalid("layer_norm_eps is not a number from 0 to 1")
        }
        self.epsilon = Float(epsilon)
        guard width.isMultiple(of: 32), innerWidth.isMultiple(of: 32) else {
            throw .unsupported("hidden_size and intermediate_size are not multiples of 32")
        }
        guard width.isMultiple(of: heads), (width / heads).isMultiple(of: 16) else {
            throw .unsupported("the heads of attention are not of a multiple of 16 numbers")
        }
    }

    private static func count(_ root: JSONNode, _ name: String, _ limit: Int) throws(EmbedderError) -> Int {
        guard let value = root[name]?.int, value > 0 else { throw .invalid("\(name) is not a number above 0") }
        guard value <= limit else { throw .unsupported("\(name) is \(value); at most \(limit) is taken") }
        return value
    }
}
