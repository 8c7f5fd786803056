import OrchCore

/// A JSON value in the form in which JSON Schema compares: numbers by value, strings by code points, objects without
/// order.
enum SchemaValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(SchemaNumber)
    case string([UInt8])
    case array([SchemaValue])
    case object([[UInt8]: SchemaValue])

    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(.integer(value))
        case .number(let value): self = .number(SchemaNumber(value))
        case .string(let value): self = .string(Array(value.utf8))
        case .array(let elements): self = .array(elements.map(SchemaValue.init))
        case .object(let object):
            var members: [[UInt8]: SchemaValue] = [:]
            for member in object.members { members[Array(member.key.utf8)] = SchemaValue(member.value) }
            self = .object(members)
        }
    }
}
