import CEmbeddings

/// One run of sequences through the encoder.
///
/// The sequences stand one behind the other, without padding. Each token's row is computed from its own sequence alone,
/// in an order that does not depend on how many rows there are: what else is in the pass changes no bit of it.
struct BERTPass {
    let weights: BERTWeights
    let configuration: BERTConfiguration
    let path: cem_path
    let workspace: BERTWorkspace

    /// The mean of each sequence's last rows, scaled to length 1; nil where the weights led to what is no number.
    ///
    /// - Parameters:
    ///   - ids: All sequences' tokens, at most as many as the workspace has place for.
    ///   - lengths: How many tokens each has, more than 0.
    func vectors(_ ids: [UInt32], lengths: [Int]) -> [[Float]?] {
        embed(ids, lengths)
        for layer in weights.layers { run(layer, ids.count, lengths) }
        let width = configuration.width
        var first = 0
        return lengths.map { length in
            defer { first += length }
            var isSound = false
            let vector = [Float](unsafeUninitializedCapacity: width) { vector, count in
                guard let start = vector.baseAddress else { return }
                let size = cem_mean(path, workspace.rows + first * width, length, width, start)
                isSound = size > 0 && size.isFinite
                count = width
            }
            return isSound ? vector : nil
        }
    }

    private func embed(_ ids: [UInt32], _ lengths: [Int]) {
        var norm = weights.norm.norm
        ids.withUnsafeBufferPointer { ids in
            guard var next = ids.baseAddress, let kind = weights.kind.numbers.baseAddress else { return }
            var row = workspace.rows
            for length in lengths {
                cem_embed(
                    path, weights.words.start, weights.positions.start, kind, next, length, configuration.width, &norm,
                    row)
                next += length
                row += length * configuration.width
            }
        }
    }

    private func run(_ layer: BERTWeights.Layer, _ count: Int, _ lengths: [Int]) {
        let width = configuration.width
        multiply(workspace.rows, count, layer.attention, into: workspace.wide)
        var first = 0
        for length in lengths {
            cem_attend(
                path, workspace.wide + first * 3 * width, length, configuration.heads, width / configuration.heads,
                workspace.added + first * width, workspace.attention)
            first += length
        }
        // The result may stand where the attention's queries, keys and values were: they are not needed any more.
        multiply(workspace.added, count, layer.attentionOutput, into: workspace.wide)
        add(workspace.wide, count, layer.attentionNorm)
        multiply(workspace.rows, count, layer.inner, into: workspace.wide, gelu: true)
        multiply(workspace.wide, count, layer.output, into: workspace.added)
        add(workspace.added, count, layer.outputNorm)
    }

    private func add(_ added: UnsafeMutablePointer<Float>, _ count: Int, _ norm: BERTWeights.Norm) {
        var norm = norm.norm
        cem_add_and_norm(path, workspace.rows, added, count, configuration.width, &norm)
    }

    private func multiply(
        _ rows: UnsafeMutablePointer<Float>, _ count: Int, _ matrix: PackedMatrix,
        into result: UnsafeMutablePointer<Float>, gelu: Bool = false
    ) {
        var parts = matrix.matrix
        cem_quantise(path, rows, count, parts.inputs, workspace.integers, workspace.scales)
        cem_multiply(path, workspace.integers, workspace.scales, count, &parts, gelu, result)
        withExtendedLifetime(matrix) {}
    }
}
