/// Reads the metadata of a GGUF file front to back, every length against what is left of the file.
struct GGUFReader {
    /// The types of values, by their numbers in the format.
    enum Kind: UInt32 {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

        /// The bytes of one value; nil for those that say their length.
        var size: Int? {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .uint64, .int64, .float64: 8
            case .string, .array: nil
            }
        }
    }

    let bytes: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ bytes: UnsafeRawBufferPointer, at place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    private var left: Int { bytes.count - place }

    private func ended() -> TokenizerError { .invalid("the file ends at byte \(bytes.count), inside its metadata") }

    mutating func uint32() throws(TokenizerError) -> UInt32 {
        guard left >= 4 else { throw ended() }
        defer { place += 4 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    /// A length or count; more than the file has bytes is refused.
    mutating func length() throws(TokenizerError) -> Int {
        guard left >= 8 else { throw ended() }
        let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        guard value <= UInt64(left - 8) else {
            throw .invalid("byte \(place): a length of \(value) is more than the file holds")
        }
        place += 8
        return Int(value)
    }

    mutating func kind() throws(TokenizerError) -> Kind {
        let start = place
        let value = try uint32()
        guard let kind = Kind(rawValue: value) else { throw .invalid("byte \(start): \(value) is no type of a value") }
        return kind
    }

    /// A string's bytes, inside the file.
    mutating func string() throws(TokenizerError) -> UnsafeRawBufferPointer {
        let count = try length()
        guard count <= left else { throw ended() }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    /// The type and number of an array's elements, which together fit into the file.
    mutating func array() throws(TokenizerError) -> (kind: Kind, count: Int) {
        let start = place
        let kind = try kind()
        guard kind != .array else { throw .invalid("byte \(start): an array of arrays") }
        let count = try length()
        guard count <= left / (kind.size ?? 8) else {
            throw .invalid("byte \(start): an array of \(count) elements is more than the file holds")
        }
        return (kind, count)
    }

    /// Passes over a value.
    mutating func skip(_ kind: Kind) throws(TokenizerError) {
        switch kind {
        case .string: _ = try string()
        case .array:
            let (element, count) = try array()
            if let size = element.size {
                place += size * count
            } else {
                for _ in 0..<count { _ = try string() }
            }
        default:
            let size = kind.size ?? 0
            guard left >= size else { throw ended() }
            place += size
        }
    }
}
