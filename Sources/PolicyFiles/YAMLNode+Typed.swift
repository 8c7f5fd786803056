import OrchCore

extension YAMLNode {
    /// What the node means, if it is a scalar.
    var scalar: YAMLScalar? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        return YAMLScalar(text, isPlain: isPlain)
    }

    /// Text; a number or truth value has to be quoted to count as one.
    func string(file: String) throws(PolicyFileError) -> String {
        guard case .text(let text)? = scalar else {
            throw PolicyFileError(wrongType: "text", self, file: file)
        }
        return text
    }

    /// Text that is not empty.
    func name(file: String) throws(PolicyFileError) -> String {
        let text = try string(file: file)
        guard !text.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) else {
            throw PolicyFileError(.invalidValue, file: file, at: position, "the text is empty")
        }
        return text
    }

    /// The node as JSON: keys are text, numbers are finite.
    func json(file: String) throws(PolicyFileError) -> JSONValue {
        switch content {
        case .scalar(let text, let isPlain):
            switch YAMLScalar(text, isPlain: isPlain) {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .integer(let value): return .integer(value)
            case .number(let value): return .number(value)
            case .text(let value): return .string(value)
            case .unrepresentable:
                throw PolicyFileError(.invalidValue, file: file, at: position, "the number is too large or not finite")
            }
        case .sequence(let elements):
            var values: [JSONValue] = []
            for element in elements {
                values.append(try element.json(file: file))
            }
            return .array(values)
        case .mapping(let entries):
            var members: [JSONObject.Member] = []
            for entry in entries {
                members.append(JSONObject.Member(key: entry.key, value: try entry.value.json(file: file)))
            }
            return .object(JSONObject(members))
        }
    }

    fileprivate var typeName: String {
        switch content {
        case .scalar: scalar?.typeName ?? "a scalar"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension PolicyFileError {
    init(wrongType expected: String, _ node: YAMLNode, file: String) {
        var reason = "expected \(expected), found \(node.typeName)"
        if expected == "text", case .scalar = node.content { reason += "; put it in quotes" }
        self.init(.wrongType, file: file, at: node.position, reason)
    }
}
