import OrchEmbeddings

/// A model of an embedder, in the order in which they are preferred; its files stand in config/assets.tsv.
enum EmbedderModel: String, CaseIterable {
    case miniLM = "all-minilm-l6-v2"
    case potion = "potion-base-8m"

    private static let maximumWeights = 1 << 30
    private static let maximumDescription = 64 << 20

    /// Below the assets' `embedders`.
    private var folder: String { self == .miniLM ? "minilm-l6-v2" : "potion-base-8m" }

    /// Whether a vector is a mean of rows of a table.
    var isStatic: Bool { self == .potion }

    /// The files that decide what vectors come out, weights first.
    private var files: [String] {
        ["model.safetensors", "tokenizer.json"] + (self == .miniLM ? ["config.json"] : [])
    }

    /// The same from the assets' `embedders`.
    var paths: [String] { files.map { "\(folder)/\($0)" } }

    /// Whether all files are there.
    func isInstalled(in assets: String) -> Bool { paths.allSatisfy { LocalModelAssets.exists("\(assets)/\($0)") } }

    /// The embedder over the mapped weights.
    func load(from assets: String, _ digests: FileDigests) throws(EmbedderError) -> any Embedder {
        let weights = try map("model.safetensors", in: assets, atMost: Self.maximumWeights)
        let bytes = WeightBytes(weights.bytes) { withExtendedLifetime(weights) {} }
        let hash = digests.sha256("\(assets)/\(folder)/model.safetensors") ?? ""
        let tokenizer = try read("tokenizer.json", in: assets)
        switch self {
        case .miniLM:
            return try SentenceEmbedder(
                name: rawValue, hash: hash, weights: bytes, tokenizer: tokenizer,
                configuration: try read("config.json", in: assets))
        case .potion:
            return try StaticEmbedder(name: rawValue, hash: hash, weights: bytes, tokenizer: tokenizer)
        }
    }

    private func read(_ file: String, in assets: String) throws(EmbedderError) -> [UInt8] {
        let mapped = try map(file, in: assets, atMost: Self.maximumDescription)
        return withExtendedLifetime(mapped) { Array(mapped.bytes) }
    }

    private func map(_ file: String, in assets: String, atMost limit: Int) throws(EmbedderError) -> MappedFile {
        do throws(MappedFile.Fault) {
            return try MappedFile("\(assets)/\(folder)/\(file)", maximumBytes: limit)
        } catch {
            throw EmbedderError(.unavailable, "\(file) of \(rawValue): \(error.sentence)", cause: error)
        }
    }
}
