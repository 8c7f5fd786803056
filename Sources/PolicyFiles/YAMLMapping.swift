import OrchCore

/// A mapping whose keys are all known, read by type. Every fault carries the file and the place.
struct YAMLMapping {
    let file: String
    let position: SourcePosition
    private let entries: [YAMLNode.Entry]

    /// Takes a node as a mapping, or throws: not a mapping, or a key that is not among the known ones.
    init(_ node: YAMLNode, file: String, keys known: [String]) throws(PolicyFileError) {
        self.file = file
        position = node.position
        guard case .mapping(let entries) = node.content else {
            throw PolicyFileError(wrongType: "a mapping", node, file: file)
        }
        for entry in entries where !known.contains(entry.key) {
            throw PolicyFileError(unknownKey: entry.key, known: known, file: file, at: entry.position)
        }
        self.entries = entries
    }

    /// The value under a key; nil when the key is missing or its value is null.
    func value(_ key: String) -> YAMLNode? {
        guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
        if case .scalar(let text, let isPlain) = value.content, YAMLScalar(text, isPlain: isPlain) == .null {
            return nil
        }
        return value
    }

    func required<Value>(_ key: String, _ value: Value?) throws(PolicyFileError) -> Value {
        guard let value else {
            throw PolicyFileError(.missingKey, file: file, at: position, "the key `\(key)` is missing")
        }
        return value
    }

    /// Text; a number or truth value has to be quoted to count as one.
    func string(_ key: String) throws(PolicyFileError) -> String? {
        guard let node = value(key) else { return nil }
        return try node.string(file: file)
    }

    /// Text that is not empty.
    func name(_ key: String) throws(PolicyFileError) -> String {
        let node = try required(key, value(key))
        return try node.name(file: file)
    }

    /// Any scalar by its spelling, such as a version: `1`, `1.10` or `"2024-01"`.
    func spelling(_ key: String) throws(PolicyFileError) -> String? {
        guard let node = value(key) else { return nil }
        guard case .scalar(let text, _) = node.content else {
            throw PolicyFileError(wrongType: "text", node, file: file)
        }
        return text
    }

    func bool(_ key: String) throws(PolicyFileError) -> Bool? {
        guard let node = value(key) else { return nil }
        guard case .bool(let value)? = node.scalar else {
            throw PolicyFileError(wrongType: "true or false", node, file: file)
        }
        return value
    }

    /// A whole number, 0 or more.
    func count(_ key: String) throws(PolicyFileError) -> Int? {
        guard let node = value(key) else { return nil }
        guard case .integer(let value)? = node.scalar else {
            throw PolicyFileError(wrongType: "a whole number", node, file: file)
        }
        guard value >= 0 else {
            throw PolicyFileError(.invalidValue, file: file, at: node.position, "`\(key)` is less than 0")
        }
        return value
    }

    /// A number from 0 to 1.
    func ratio(_ key: String) throws(PolicyFileError) -> Double? {
        guard let node = value(key) else { return nil }
        let number: Double
        switch node.scalar {
        case .integer(let value): number = Double(value)
        case .number(let value): number = value
        default: throw PolicyFileError(wrongType: "a number from 0 to 1", node, file: file)
        }
        guard (0...1).contains(number) else {
            throw PolicyFileError(.invalidValue, file: file, at: node.position, "`\(key)` is not between 0 and 1")
        }
        return number
    }

    func sequence(_ key: String) throws(PolicyFileError) -> [YAMLNode]? {
        guard let node = value(key) else { return nil }
        guard case .sequence(let elements) = node.content else {
            throw PolicyFileError(wrongType: "a list", node, file: file)
        }
        return elements
    }

    /// A mapping of any keys, as JSON.
    func object(_ key: String) throws(PolicyFileError) -> JSONObject? {
        guard let node = value(key) else { return nil }
        guard case .object(let object) = try node.json(file: file) else {
            throw PolicyFileError(wrongType: "a mapping", node, file: file)
        }
        return object
    }
}

extension PolicyFileError {
    init(unknownKey key: String, known: [String], file: String, at position: SourcePosition) {
        var reason = "unknown key \(Quoted(key))"
        if let nearest = NearestWord.nearest(to: key, among: known) {
            reason += "; did you mean `\(nearest)`?"
        } else {
            reason += "; known keys: \(known.joined(separator: ", "))"
        }
        self.init(.unknownKey, file: file, at: position, reason)
    }
}
