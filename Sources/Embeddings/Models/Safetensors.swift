import OrchCore

/// A file of tensors: the length of its header, the header as JSON, then the numbers, back to back.
///
/// Every offset is checked before anything is read through it.
struct Safetensors {
    /// One tensor of 32-bit floats.
    struct Tensor {
        let name: String
        let shape: [Int]
        /// Where its numbers stand; at any address.
        let bytes: UnsafeRawBufferPointer
    }

    /// The longest header, in bytes.
    static let headerLimit = 4 << 20
    /// The most tensors.
    static let tensorLimit = 4096

    let weights: WeightBytes
    private let header: JSONDocument
    private let dataStart: Int

    /// - Throws: ``EmbedderError`` naming the first fault.
    init(_ weights: WeightBytes) throws(EmbedderError) {
        let bytes = weights.bytes
        guard bytes.count >= 8 else { throw .invalid("the weights' file has \(bytes.count) bytes, fewer than 8") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.headerLimit) else {
            throw .invalid("the header has \(length) bytes; at most \(Self.headerLimit) are taken")
        }
        dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw .invalid("the header has \(length) bytes, and the file only \(bytes.count)")
        }
        do throws(JSONError) {
            header = try JSONDocument(parsing: Array(bytes[8..<dataStart]))
        } catch {
            throw EmbedderError(.invalidModel, "the header is not JSON: \(error.message)", cause: error)
        }
        guard header.root.kind == .object else { throw .invalid("the header is not an object") }
        self.weights = weights
        try checkLayout()
    }

    /// Whether there is a tensor of a name.
    func has(_ name: String) -> Bool { header.root[name] != nil }

    /// A tensor of 32-bit floats.
    func floats(_ name: String) throws(EmbedderError) -> Tensor {
        guard let node = header.root[name] else { throw .unsupported("the tensor \(name) is missing") }
        guard node["dtype"]?.string == "F32" else { throw .unsupported("the tensor \(name) is not of F32") }
        let (shape, range) = try place(of: name, node)
        var size = 4
        for length in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard !overflow else { throw .invalid("the tensor \(name) is larger than any file") }
            size = product
        }
        guard size == range.count else {
            throw .invalid("the tensor \(name) has \(range.count) bytes, and its shape needs \(size)")
        }
        return Tensor(name: name, shape: shape, bytes: UnsafeRawBufferPointer(rebasing: weights.bytes[range]))
    }

    /// The same, of a shape that is known.
    func floats(_ name: String, _ shape: [Int]) throws(EmbedderError) -> Tensor {
        let tensor = try floats(name)
        guard tensor.shape == shape else {
            throw .unsupported("the tensor \(name) is of \(tensor.shape), not of \(shape)")
        }
        return tensor
    }

    /// As the format has it: tensors fill the file, without holes and without sharing a byte.
    private func checkLayout() throws(EmbedderError) {
        var ranges: [Range<Int>] = []
        for member in header.root.members where !member.keyEquals("__metadata__") {
            guard ranges.count < Self.tensorLimit else { throw .invalid("more than \(Self.tensorLimit) tensors") }
            ranges.append(try place(of: member.key, member.value).range)
        }
        ranges.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        var end = dataStart
        for range in ranges {
            guard range.lowerBound == end else {
                throw .invalid("a tensor begins at byte \(range.lowerBound), and the one before ends at \(end)")
            }
            end = range.upperBound
        }
        guard end == weights.bytes.count else {
            throw .invalid("the tensors end at byte \(end), and the file at \(weights.bytes.count)")
        }
    }

    /// A tensor's shape and where it stands in the file.
    private func place(of name: String, _ node: JSONNode) throws(EmbedderError) -> (shape: [Int], range: Range<Int>) {
        guard let shape = node["shape"]?.elements.map(\.int), node["shape"]?.kind == .array,
            shape.allSatisfy({ $0 ?? -1 >= 0 })
        else { throw .invalid("the tensor \(name) has no shape") }
        let offsets = node["data_offsets"]?.elements.map(\.int) ?? []
        guard offsets.count == 2, let first = offsets[0], let last = offsets[1], first >= 0, first <= last else {
            throw .invalid("the tensor \(name) has no data_offsets of two numbers in order")
        }
        guard last <= weights.bytes.count - dataStart else {
            throw .invalid(
                "the tensor \(name) ends at \(last), and the tensors have \(weights.bytes.count - dataStart) bytes"
            )
        }
        return (shape.compactMap(\.self), dataStart + first..<dataStart + last)
    }
}
