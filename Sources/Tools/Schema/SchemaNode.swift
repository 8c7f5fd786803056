import OrchCore

/// One compiled schema. Schemas refer to each other by their index in ``ArgumentSchema``'s list, so that a recursive
/// schema needs no cycle of references.
struct SchemaNode: Sendable {
    enum ValueType: String, Sendable, CaseIterable {
        case null, boolean, object, array, number, integer, string
    }

    /// The schema `false`, which nothing fits.
    var refusesAll = false
    /// Empty: any.
    var types: [ValueType] = []
    var allowed: Set<SchemaValue>?

    var minimumLength: Int?
    var maximumLength: Int?
    var pattern: (any Pattern)?

    var minimum: SchemaNumber?
    var maximum: SchemaNumber?
    var exclusiveMinimum: SchemaNumber?
    var exclusiveMaximum: SchemaNumber?
    var multipleOf: SchemaNumber?

    var prefixItems: [Int] = []
    var items: Int?
    var minimumItems: Int?
    var maximumItems: Int?
    var uniqueItems = false

    var properties: [[UInt8]: Int] = [:]
    /// As the schema lists them.
    var propertyNames: [String] = []
    var required: [String] = []
    var additionalProperties: Int?
    var minimumProperties: Int?
    var maximumProperties: Int?

    var reference: Int?
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?

    /// The schemas that look at the same value as this one.
    var inPlace: [Int] { allOf + anyOf + oneOf + [reference, not].compactMap(\.self) }
}
