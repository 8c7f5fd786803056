/// A table in the file, read row by row where it stands.
///
/// `@unchecked Sendable`: only read, and the owner keeps it there.
struct MappedRows: @unchecked Sendable {
    let start: UnsafeRawPointer
    let count: Int
    private let owner: WeightBytes

    init(_ tensor: Safetensors.Tensor, owner: WeightBytes) throws(EmbedderError) {
        guard let start = tensor.bytes.baseAddress, tensor.shape.count == 2 else {
            throw .unsupported("the tensor \(tensor.name) is no table")
        }
        self.start = start
        count = tensor.shape[0]
        self.owner = owner
    }
}
