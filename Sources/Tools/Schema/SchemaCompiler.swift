import OrchCore

/// Turns a schema into nodes, and refuses what cannot be enforced.
struct SchemaCompiler {
    private(set) var nodes: [SchemaNode] = []
    let patterns: any PatternCompiler
    /// Node of each entry of `$defs`.
    private(set) var definitions: [[UInt8]: Int] = [:]

    static let annotations: Set<String> = [
        "title", "description", "default", "examples", "$schema", "$id", "$comment", "format", "deprecated",
    ]

    init(patterns: any PatternCompiler) {
        self.patterns = patterns
    }

    /// Compiles the schema of a tool's arguments, which describes an object.
    mutating func compile(root schema: JSONValue) throws(SchemaError) -> Int {
        let path = SchemaPath("parameters")
        guard let object = schema.objectValue, object["type"]?.stringValue == "object" else {
            throw SchemaError(path: path.text, problem: "must be a schema of type object")
        }
        let root = try reserve(at: path)
        let definitions = try members(of: object["$defs"], at: path.member("$defs"))
        // All places first: definitions refer to each other.
        for member in definitions {
            self.definitions[Array(member.key.utf8)] = try reserve(at: path)
        }
        for member in definitions {
            guard let index = self.definitions[Array(member.key.utf8)] else { continue }
            let place = path.member("$defs").member(member.key)
            nodes[index] = try node(member.value, at: place, depth: 1, isRoot: false)
        }
        nodes[root] = try node(schema, at: path, depth: 0, isRoot: true)
        try refuseCycles()
        return root
    }

    private mutating func reserve(at path: SchemaPath) throws(SchemaError) -> Int {
        guard nodes.count < ArgumentSchema.maximumSchemas else {
            throw SchemaError(path: path.text, problem: "more than \(ArgumentSchema.maximumSchemas) schemas")
        }
        nodes.append(SchemaNode())
        return nodes.count - 1
    }

    private mutating func subschema(_ schema: JSONValue, at path: SchemaPath, depth: Int) throws(SchemaError) -> Int {
        guard depth < ArgumentSchema.maximumSchemaDepth else {
            throw SchemaError(
                path: path.text, problem: "nested deeper than \(ArgumentSchema.maximumSchemaDepth) levels")
        }
        let index = try reserve(at: path)
        nodes[index] = try node(schema, at: path, depth: depth + 1, isRoot: false)
        return index
    }

    private mutating func subschemas(_ value: JSONValue, at path: SchemaPath, depth: Int) throws(SchemaError) -> [Int] {
        guard let schemas = value.arrayValue, !schemas.isEmpty else {
            throw SchemaError(path: path.text, problem: "must be an array of schemas, not empty")
        }
        var indices: [Int] = []
        for (offset, schema) in schemas.enumerated() {
            indices.append(try subschema(schema, at: path.element(offset), depth: depth))
        }
        return indices
    }

    private mutating func node(
        _ schema: JSONValue, at path: SchemaPath, depth: Int, isRoot: Bool
    ) throws(SchemaError) -> SchemaNode {
        var node = SchemaNode()
        if let bool = schema.boolValue {
            node.refusesAll = !bool
            return node
        }
        guard let object = schema.objectValue else {
            throw SchemaError(path: path.text, problem: "must be a schema: an object, true or false")
        }
        for member in object.members where !(isRoot && member.key == "$defs") {
            let place = path.member(member.key)
            if Self.annotations.contains(member.key) { continue }
            if try assertion(member.key, member.value, at: place, into: &node) { continue }
            try applicator(member.key, member.value, at: place, depth: depth, into: &node)
        }
        return node
    }

    /// Keywords that hold other schemas.
    private mutating func applicator(
        _ keyword: String, _ value: JSONValue, at path: SchemaPath, depth: Int, into node: inout SchemaNode
    ) throws(SchemaError) {
        switch keyword {
        case "properties":
            for member in try members(of: value, at: path) {
                let index = try subschema(member.value, at: path.member(member.key), depth: depth)
                node.properties[Array(member.key.utf8)] = index
                node.propertyNames.append(member.key)
            }
        case "additionalProperties": node.additionalProperties = try subschema(value, at: path, depth: depth)
        case "prefixItems": node.prefixItems = try subschemas(value, at: path, depth: depth)
        case "items": node.items = try subschema(value, at: path, depth: depth)
        case "allOf": node.allOf = try subschemas(value, at: path, depth: depth)
        case "anyOf": node.anyOf = try subschemas(value, at: path, depth: depth)
        case "oneOf": node.oneOf = try subschemas(value, at: path, depth: depth)
        case "not": node.not = try subschema(value, at: path, depth: depth)
        case "$ref": node.reference = try reference(value, at: path)
        default: throw SchemaError(path: path.text, problem: "this keyword is not supported here")
        }
    }
}
