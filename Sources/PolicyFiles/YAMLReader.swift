import Yams

/// Reads the bytes of a YAML file into a ``YAMLNode``: UTF-8 only, one document, bounded, no tags of its own.
struct YAMLReader {
    private let file: String
    private let size: PolicyFileSize
    private var nodesLeft: Int

    /// Reads one document, or throws the first fault with its place.
    static func read(
        _ bytes: [UInt8], file: String, size: PolicyFileSize = .usual
    ) throws(PolicyFileError) -> YAMLNode {
        let text = try YAMLText.checked(bytes, file: file, size: size)
        try AliasBound.check(text.utf8, file: file)
        guard let root = try compose(text, file: file) else {
            throw PolicyFileError(.invalidYAML, file: file, "the file holds no YAML document")
        }
        var reader = YAMLReader(file: file, size: size)
        return try reader.convert(root, depth: 1)
    }

    private init(file: String, size: PolicyFileSize) {
        self.file = file
        self.size = size
        nodesLeft = size.nodes
    }

    private static func compose(_ text: String, file: String) throws(PolicyFileError) -> Node? {
        do {
            // No resolver rules: the types of scalars are decided here, by the newer YAML 1.2.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            throw PolicyFileError(error, file: file)
        } catch {
            throw PolicyFileError(.invalidYAML, file: file, "the file cannot be read as YAML")
        }
    }

    private mutating func convert(_ node: Node, depth: Int) throws(PolicyFileError) -> YAMLNode {
        let position = SourcePosition(node.mark)
        nodesLeft -= 1
        guard nodesLeft >= 0 else {
            throw fault(.tooComplex, position, "more than \(size.nodes) nodes")
        }
        guard depth <= PolicyFileLimits.maximumDepth else {
            throw fault(.tooComplex, position, "nested deeper than \(PolicyFileLimits.maximumDepth) levels")
        }
        switch node {
        case .scalar(let scalar):
            let isText = try checkTag(scalar.tag, allowed: .str, position)
            guard !scalar.string.utf8.contains(0) else {
                throw fault(.invalidValue, position, "the text holds a NUL character")
            }
            let isPlain = scalar.style == .plain && !isText
            return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), position: position)
        case .sequence(let sequence):
            try checkTag(sequence.tag, allowed: .seq, position)
            var elements: [YAMLNode] = []
            for element in sequence {
                elements.append(try convert(element, depth: depth + 1))
            }
            return YAMLNode(content: .sequence(elements), position: position)
        case .mapping(let mapping):
            try checkTag(mapping.tag, allowed: .map, position)
            return YAMLNode(content: .mapping(try entries(of: mapping, depth: depth)), position: position)
        case .alias:
            throw fault(.invalidYAML, position, "an alias stands where it cannot be followed")
        }
    }

    /// The parser has refused keys that come twice: it compares them by tag and text, and here all tags are the same.
    private mutating func entries(
        of mapping: Node.Mapping, depth: Int
    ) throws(PolicyFileError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        for (key, value) in mapping {
            let position = SourcePosition(key.mark)
            guard case .scalar(let name, _) = try convert(key, depth: depth + 1).content else {
                throw fault(.invalidYAML, position, "a key is not a scalar")
            }
            entries.append(
                YAMLNode.Entry(key: name, position: position, value: try convert(value, depth: depth + 1)))
        }
        return entries
    }

    /// Whether the node's own tag is written out (or implied by quotes).
    @discardableResult
    private func checkTag(_ tag: Tag, allowed: Tag.Name, _ position: SourcePosition) throws(PolicyFileError) -> Bool {
        switch tag.rawValue {
        case Tag.Name.implicit.rawValue: return false
        case allowed.rawValue, Tag.Name.nonSpecific.rawValue: return true
        default: throw fault(.invalidYAML, position, "tags are not supported here")
        }
    }

    private func fault(_ code: PolicyFileError.Code, _ position: SourcePosition, _ reason: String) -> PolicyFileError {
        PolicyFileError(code, file: file, at: position, reason)
    }
}

extension SourcePosition {
    fileprivate init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}

extension PolicyFileError {
    /// Keeps the reason and the place; leaves out the excerpt of the file.
    fileprivate init(_ error: YamlError, file: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(.invalidYAML, file: file, at: SourcePosition(mark), problem)
        case .duplicatedKeysInMapping(let keys, let context):
            let key = Quoted(keys.first ?? "")
            self.init(.duplicateKey, file: file, at: SourcePosition(context.mark), "the key \(key) comes twice")
        case .reader(let problem, _, _, _):
            self.init(.invalidYAML, file: file, problem)
        default:
            self.init(.invalidYAML, file: file, "the file cannot be read as YAML")
        }
    }
}
