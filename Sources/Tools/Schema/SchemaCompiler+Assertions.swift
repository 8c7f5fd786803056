import OrchCore

extension SchemaCompiler {
    /// Keywords that look at the value alone; false if it is none of them.
    func assertion(
        _ keyword: String, _ value: JSONValue, at path: SchemaPath, into node: inout SchemaNode
    ) throws(SchemaError) -> Bool {
        switch keyword {
        case "type": node.types = try types(value, at: path)
        case "enum": node.allowed = Self.intersection(node.allowed, try values(value, at: path))
        case "const": node.allowed = Self.intersection(node.allowed, [SchemaValue(value)])
        case "minLength": node.minimumLength = try count(value, at: path)
        case "maxLength": node.maximumLength = try count(value, at: path)
        case "pattern": node.pattern = try pattern(value, at: path)
        case "minimum": node.minimum = try number(value, at: path)
        case "maximum": node.maximum = try number(value, at: path)
        case "exclusiveMinimum": node.exclusiveMinimum = try number(value, at: path)
        case "exclusiveMaximum": node.exclusiveMaximum = try number(value, at: path)
        case "multipleOf":
            let divisor = try number(value, at: path)
            guard SchemaNumber.integer(0) < divisor else {
                throw SchemaError(path: path.text, problem: "must be greater than 0")
            }
            node.multipleOf = divisor
        case "minItems": node.minimumItems = try count(value, at: path)
        case "maxItems": node.maximumItems = try count(value, at: path)
        case "uniqueItems":
            guard let bool = value.boolValue else {
                throw SchemaError(path: path.text, problem: "must be true or false")
            }
            node.uniqueItems = bool
        case "required": node.required = try names(value, at: path)
        case "minProperties": node.minimumProperties = try count(value, at: path)
        case "maxProperties": node.maximumProperties = try count(value, at: path)
        default: return false
        }
        return true
    }

    func members(of value: JSONValue?, at path: SchemaPath) throws(SchemaError) -> [JSONObject.Member] {
        guard let value else { return [] }
        guard let object = value.objectValue else {
            throw SchemaError(path: path.text, problem: "must be an object of schemas")
        }
        return object.members
    }

    private func types(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> [SchemaNode.ValueType] {
        let names = value.stringValue.map { [JSONValue.string($0)] } ?? value.arrayValue ?? []
        let types = names.compactMap { $0.stringValue.flatMap(SchemaNode.ValueType.init(rawValue:)) }
        guard !types.isEmpty, types.count == names.count, Set(types).count == types.count else {
            throw SchemaError(path: path.text, problem: "must be the name of a JSON type, or an array of such names")
        }
        return types
    }

    private func values(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> Set<SchemaValue> {
        guard let values = value.arrayValue, !values.isEmpty else {
            throw SchemaError(path: path.text, problem: "must be an array, not empty")
        }
        return Set(values.map(SchemaValue.init))
    }

    private static func intersection(_ known: Set<SchemaValue>?, _ more: Set<SchemaValue>) -> Set<SchemaValue> {
        known.map { $0.intersection(more) } ?? more
    }

    private func names(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> [String] {
        let names = value.arrayValue?.map(\.stringValue)
        guard let names, !names.contains(nil), Set(names).count == names.count else {
            throw SchemaError(path: path.text, problem: "must be an array of different names")
        }
        return names.compactMap(\.self)
    }

    private func count(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> Int {
        guard case .integer(let count)? = SchemaNumber(value), count >= 0 else {
            throw SchemaError(path: path.text, problem: "must be a whole number, 0 or more")
        }
        return count
    }

    private func number(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> SchemaNumber {
        guard let number = SchemaNumber(value) else {
            throw SchemaError(path: path.text, problem: "must be a number")
        }
        return number
    }

    private func pattern(_ value: JSONValue, at path: SchemaPath) throws(SchemaError) -> any Pattern {
        guard let source = value.stringValue else {
            throw SchemaError(path: path.text, problem: "must be a string")
        }
        do {
            return try patterns.compile(source, caseInsensitive: false)
        } catch {
            throw SchemaError(path: path.text, problem: error.message)
        }
    }
}
