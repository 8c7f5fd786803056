package import OrchCore

/// A JSON Schema for a tool's arguments, compiled once.
///
/// The subset of draft 2020-12 that describes arguments: `type`, `enum`, `const`, the bounds of strings (in Unicode
/// scalars), numbers, arrays and objects, `pattern`, `properties`, `required`, `additionalProperties`, `prefixItems`,
/// `items`, `uniqueItems`, `allOf`, `anyOf`, `oneOf`, `not`, and `$ref` to the root or to its `$defs`. Annotations are
/// ignored. A keyword that is not known is refused: a rule that is not enforced would be a promise not kept.
package struct ArgumentSchema: Sendable {
    /// Levels of subschemas inside each other.
    package static let maximumSchemaDepth = 32
    /// Subschemas of one schema.
    package static let maximumSchemas = 1_000
    /// Levels of values and of references that a check descends.
    package static let maximumCheckDepth = 256
    /// Pairs of a value and a schema that one check may look at.
    package static let maximumChecks = 200_000

    let nodes: [SchemaNode]
    let root: Int

    package init(_ schema: JSONValue, patterns: any PatternCompiler) throws(SchemaError) {
        var compiler = SchemaCompiler(patterns: patterns)
        root = try compiler.compile(root: schema)
        nodes = compiler.nodes
    }

    /// The first thing that does not fit, or nil.
    package func violation(in arguments: JSONValue) -> ArgumentViolation? {
        var check = SchemaCheck(nodes: nodes)
        return check.violation(of: root, in: arguments, at: SchemaPath("args"), depth: 0)
    }
}
