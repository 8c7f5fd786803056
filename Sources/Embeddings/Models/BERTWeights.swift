import CEmbeddings

/// The weights of a BERT encoder, ready for the products.
struct BERTWeights: Sendable {
    /// One layer of the encoder.
    struct Layer: Sendable {
        /// Query, key and value in one.
        let attention: PackedMatrix
        let attentionOutput: PackedMatrix
        let attentionNorm: Norm
        let inner: PackedMatrix
        let output: PackedMatrix
        let outputNorm: Norm
    }

    /// A layer normalisation.
    struct Norm: Sendable {
        private let weight: FloatVector
        private let bias: FloatVector
        private let epsilon: Float

        init(_ file: Safetensors, _ name: String, _ configuration: BERTConfiguration) throws(EmbedderError) {
            weight = try FloatVector([file.floats(name + ".weight", [configuration.width])])
            bias = try FloatVector([file.floats(name + ".bias", [configuration.width])])
            epsilon = configuration.epsilon
        }

        var norm: cem_norm {
            cem_norm(weight: weight.numbers.baseAddress, bias: bias.numbers.baseAddress, epsilon: epsilon)
        }
    }

    /// The rows of words and of positions, in the file.
    let words: MappedRows
    let positions: MappedRows
    let kind: FloatVector
    let norm: Norm
    let layers: [Layer]

    init(_ weights: WeightBytes, _ configuration: BERTConfiguration) throws(EmbedderError) {
        let file = try Safetensors(weights)
        // Some files have it before every name.
        let prefix = file.has("bert.embeddings.LayerNorm.weight") ? "bert." : ""
        let width = configuration.width
        let name = prefix + "embeddings."
        words = try MappedRows(
            file.floats(name + "word_embeddings.weight", [configuration.vocabulary, width]), owner: weights)
        positions = try MappedRows(
            file.floats(name + "position_embeddings.weight", [configuration.positions, width]), owner: weights)
        let kinds = try file.floats(name + "token_type_embeddings.weight")
        guard kinds.shape.count == 2, kinds.shape[0] > 0, kinds.shape[1] == width else {
            throw .unsupported("the tensor \(kinds.name) is of \(kinds.shape), not of rows of \(width)")
        }
        kind = try FloatVector([kinds])
        norm = try Norm(file, name + "LayerNorm", configuration)
        var layers: [Layer] = []
        for index in 0..<configuration.layers {
            layers.append(try Layer(file, "\(prefix)encoder.layer.\(index).", configuration))
        }
        self.layers = layers
    }
}

extension BERTWeights.Layer {
    init(_ file: Safetensors, _ prefix: String, _ configuration: BERTConfiguration) throws(EmbedderError) {
        let (width, innerWidth) = (configuration.width, configuration.innerWidth)
        func matrix(_ names: [String], _ outputs: Int, _ inputs: Int) throws(EmbedderError) -> PackedMatrix {
            var tensors: [Safetensors.Tensor] = []
            var biases: [Safetensors.Tensor] = []
            for name in names {
                tensors.append(try file.floats(prefix + name + ".weight", [outputs, inputs]))
                biases.append(try file.floats(prefix + name + ".bias", [outputs]))
            }
            return try PackedMatrix(tensors, biases: biases)
        }
        attention = try matrix(
            ["attention.self.query", "attention.self.key", "attention.self.value"], width, width)
        attentionOutput = try matrix(["attention.output.dense"], width, width)
        attentionNorm = try BERTWeights.Norm(file, prefix + "attention.output.LayerNorm", configuration)
        inner = try matrix(["intermediate.dense"], innerWidth, width)
        output = try matrix(["output.dense"], width, innerWidth)
        outputNorm = try BERTWeights.Norm(file, prefix + "output.LayerNorm", configuration)
    }
}
