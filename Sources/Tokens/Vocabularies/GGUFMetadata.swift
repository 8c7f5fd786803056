/// Where in a GGUF file the values about its tokenizer stand.
struct GGUFMetadata {
    private struct Value {
        var kind: GGUFReader.Kind
        var place: Int
    }

    /// An array, its reader at the first element.
    struct Elements {
        var reader: GGUFReader
        let count: Int
    }

    /// The most keys; models have some dozens.
    private static let keyLimit = 1 << 16

    private let bytes: UnsafeRawBufferPointer
    private var values: [String: Value] = [:]
    /// Where the values end.
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(TokenizerError) {
        self.bytes = bytes
        var reader = GGUFReader(bytes)
        // "GGUF" in little-endian order.
        guard bytes.count >= 4, try reader.uint32() == 0x4655_4747 else { throw .invalid("the file is no GGUF") }
        let version = try reader.uint32()
        guard version == 2 || version == 3 else {
            throw .unsupported("the file is a GGUF of version \(version); 2 and 3 are known")
        }
        _ = try reader.length()
        let count = try reader.length()
        guard count <= Self.keyLimit else {
            throw .invalid("the file has \(count) keys: more than \(Self.keyLimit)")
        }
        for _ in 0..<count {
            let start = reader.place
            let key = try reader.string()
            guard key.count <= 1024 else { throw .invalid("byte \(start): a key has more than 1024 bytes") }
            let kind = try reader.kind()
            if key.starts(with: "tokenizer.".utf8) {
                let name = String(decoding: key, as: UTF8.self)
                guard values[name] == nil else { throw .invalid("byte \(start): a key is there twice") }
                values[name] = Value(kind: kind, place: reader.place)
            }
            try reader.skip(kind)
        }
        end = reader.place
    }

    /// A text; nil where the file has none under this key.
    func string(_ key: String) throws(TokenizerError) -> String? {
        guard let value = values[key] else { return nil }
        var reader = GGUFReader(bytes, at: value.place)
        guard value.kind == .string, let text = String(validating: try reader.string(), as: UTF8.self) else {
            throw .invalid("\(key) is not a text")
        }
        return text
    }

    /// An array; nil where the file has none under this key.
    func array(_ key: String, of kind: GGUFReader.Kind) throws(TokenizerError) -> Elements? {
        guard let value = values[key] else { return nil }
        var reader = GGUFReader(bytes, at: value.place)
        guard value.kind == .array, case let (element, count) = try reader.array(), element == kind else {
            throw .invalid("\(key) is not an array of \(kind)")
        }
        return Elements(reader: reader, count: count)
    }
}
