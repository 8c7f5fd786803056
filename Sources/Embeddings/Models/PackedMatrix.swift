import CEmbeddings

/// A matrix of integers for the products, made once of floats; with its bias.
///
/// `@unchecked Sendable`: nothing changes after `init`, and only `deinit` frees.
final class PackedMatrix: @unchecked Sendable {
    private let weights: UnsafeMutableBufferPointer<Int16>
    private let scales: UnsafeMutableBufferPointer<Float>
    private let bias: FloatVector
    let matrix: cem_matrix

    /// The largest magnitude of a weight that is taken: with it, no step of the computation can leave the floats'
    /// range.
    static let weightLimit: Float = 1000

    /// - Parameters:
    ///   - tensors: Matrices of the same inputs, whose outputs are put one behind the other.
    ///   - biases: Theirs.
    init(_ tensors: [Safetensors.Tensor], biases: [Safetensors.Tensor]) throws(EmbedderError) {
        let outputs = tensors.reduce(0) { $0 + $1.shape[0] }
        let inputs = tensors.first?.shape[1] ?? 0
        bias = try FloatVector(biases)
        let storage = UnsafeMutableRawPointer.allocate(byteCount: max(64, outputs * inputs * 2), alignment: 64)
        weights = UnsafeMutableBufferPointer(
            start: storage.bindMemory(to: Int16.self, capacity: outputs * inputs), count: outputs * inputs)
        scales = .allocate(capacity: outputs)
        scales.initialize(repeating: 0)
        matrix = cem_matrix(
            outputs: outputs, inputs: inputs, weights: weights.baseAddress, scales: scales.baseAddress,
            bias: bias.numbers.baseAddress)
        var first = 0
        for tensor in tensors {
            guard
                cem_pack(
                    tensor.bytes.baseAddress, tensor.shape[0], inputs, Self.weightLimit,
                    weights.baseAddress?.advanced(by: first * inputs), scales.baseAddress?.advanced(by: first))
            else {
                throw .invalid("the tensor \(tensor.name) holds what is not a number of at most \(Self.weightLimit)")
            }
            first += tensor.shape[0]
        }
    }

    deinit {
        UnsafeMutableRawPointer(weights.baseAddress)?.deallocate()
        scales.deallocate()
    }
}
