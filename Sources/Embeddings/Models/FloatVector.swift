/// Floats of the model that are used as they are, out of the file and aligned.
///
/// `@unchecked Sendable`: nothing changes after `init`, and only `deinit` frees.
final class FloatVector: @unchecked Sendable {
    let numbers: UnsafeMutableBufferPointer<Float>

    /// Copies tensors, one behind the other.
    init(_ tensors: [Safetensors.Tensor]) throws(EmbedderError) {
        let count = tensors.reduce(0) { $0 + $1.bytes.count / 4 }
        numbers = .allocate(capacity: count)
        numbers.initialize(repeating: 0)
        var place = 0
        for tensor in tensors {
            for offset in stride(from: 0, to: tensor.bytes.count, by: 4) {
                let number = tensor.bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
                guard number.magnitude <= PackedMatrix.weightLimit else {
                    throw .invalid(
                        "the tensor \(tensor.name) holds what is not a number of at most \(PackedMatrix.weightLimit)")
                }
                numbers[place] = number
                place += 1
            }
        }
    }

    deinit { numbers.deallocate() }
}
