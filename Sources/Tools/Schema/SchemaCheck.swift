import OrchCore

/// One check of a value against compiled schemas; finds the first violation.
struct SchemaCheck {
    private let nodes: [SchemaNode]
    private var remaining = ArgumentSchema.maximumChecks

    init(nodes: [SchemaNode]) {
        self.nodes = nodes
    }

    mutating func violation(
        of index: Int, in value: JSONValue, at path: SchemaPath, depth: Int
    ) -> ArgumentViolation? {
        remaining -= 1
        // Beyond either bound every further check fails, also inside `not`: see `isExhausted`.
        guard depth < ArgumentSchema.maximumCheckDepth, remaining >= 0 else {
            remaining = -1
            return violation(path, "is too large to be checked")
        }
        let node = nodes[index]
        if node.refusesAll { return violation(path, "is not allowed") }
        if let violation = typeViolation(node, value, path) { return violation }
        if let allowed = node.allowed, !allowed.contains(SchemaValue(value)) {
            return violation(path, "is not one of the allowed values")
        }
        switch value {
        case .string(let text):
            if let problem = problem(node, text) { return violation(path, problem) }
        case .integer, .number:
            if let number = SchemaNumber(value), let problem = problem(node, number) { return violation(path, problem) }
        case .array(let elements):
            if let violation = violation(node, elements, path, depth) { return violation }
        case .object(let object):
            if let violation = violation(node, object, path, depth) { return violation }
        case .null, .bool:
            break
        }
        return combinationViolation(node, value, path, depth)
    }

    /// Whether a bound was reached; then the answer is no, whatever a combination makes of it.
    private var isExhausted: Bool { remaining < 0 }

    private func violation(_ path: SchemaPath, _ problem: String) -> ArgumentViolation {
        ArgumentViolation(path: path.text, problem: problem)
    }

    // MARK: Types

    private func typeViolation(_ node: SchemaNode, _ value: JSONValue, _ path: SchemaPath) -> ArgumentViolation? {
        guard !node.types.isEmpty, !node.types.contains(where: { Self.isOf($0, value) }) else { return nil }
        let names = node.types.map(\.rawValue).joined(separator: " or ")
        return violation(path, "must be of type \(names)")
    }

    private static func isOf(_ type: SchemaNode.ValueType, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case (.null, .null), (.boolean, .bool), (.object, .object), (.array, .array), (.string, .string),
            (.number, .integer), (.number, .number), (.integer, .integer):
            true
        case (.integer, .number(let value)): SchemaNumber(value).isWhole
        default: false
        }
    }

    // MARK: Scalars

    private func problem(_ node: SchemaNode, _ text: String) -> String? {
        if node.minimumLength != nil || node.maximumLength != nil {
            let count = text.unicodeScalars.count
            if let minimum = node.minimumLength, count < minimum { return "must have at least \(minimum) characters" }
            if let maximum = node.maximumLength, count > maximum { return "must have at most \(maximum) characters" }
        }
        if let pattern = node.pattern, !pattern.matches(text) { return "does not match the pattern" }
        return nil
    }

    private func problem(_ node: SchemaNode, _ number: SchemaNumber) -> String? {
        if let bound = node.minimum, number < bound { return "must be at least \(bound.text)" }
        if let bound = node.maximum, bound < number { return "must be at most \(bound.text)" }
        if let bound = node.exclusiveMinimum, number <= bound { return "must be greater than \(bound.text)" }
        if let bound = node.exclusiveMaximum, bound <= number { return "must be less than \(bound.text)" }
        if let divisor = node.multipleOf, !number.isMultiple(of: divisor) {
            return "must be a multiple of \(divisor.text)"
        }
        return nil
    }

    // MARK: Arrays and objects

    private mutating func violation(
        _ node: SchemaNode, _ elements: [JSONValue], _ path: SchemaPath, _ depth: Int
    ) -> ArgumentViolation? {
        if let minimum = node.minimumItems, elements.count < minimum {
            return violation(path, "must have at least \(minimum) items")
        }
        if let maximum = node.maximumItems, elements.count > maximum {
            return violation(path, "must have at most \(maximum) items")
        }
        if node.uniqueItems, Set(elements.map(SchemaValue.init)).count < elements.count {
            return violation(path, "must not have the same item twice")
        }
        for (offset, element) in elements.enumerated() {
            let schema = offset < node.prefixItems.count ? node.prefixItems[offset] : node.items
            guard let schema else { break }
            if let violation = violation(of: schema, in: element, at: path.element(offset), depth: depth + 1) {
                return violation
            }
        }
        return nil
    }

    private mutating func violation(
        _ node: SchemaNode, _ object: JSONObject, _ path: SchemaPath, _ depth: Int
    ) -> ArgumentViolation? {
        if let minimum = node.minimumProperties, object.count < minimum {
            return violation(path, "must have at least \(minimum) members")
        }
        if let maximum = node.maximumProperties, object.count > maximum {
            return violation(path, "must have at most \(maximum) members")
        }
        if !node.required.isEmpty {
            let present = Set(object.members.map { Array($0.key.utf8) })
            for name in node.required where !present.contains(Array(name.utf8)) {
                return violation(path.member(name), "is missing")
            }
        }
        for member in object.members {
            if let schema = node.properties[Array(member.key.utf8)] {
                let place = path.member(member.key)
                if let violation = violation(of: schema, in: member.value, at: place, depth: depth + 1) {
                    return violation
                }
            } else if let schema = node.additionalProperties {
                if nodes[schema].refusesAll {
                    return violation(path, "has a member that is not known\(Self.known(node.propertyNames))")
                }
                if let violation = violation(of: schema, in: member.value, at: path.anyMember, depth: depth + 1) {
                    return violation
                }
            }
        }
        return nil
    }

    private static func known(_ names: [String]) -> String {
        names.isEmpty || names.count > 20 ? "" : "; known are \(names.joined(separator: ", "))"
    }

    // MARK: Combinations

    private mutating func combinationViolation(
        _ node: SchemaNode, _ value: JSONValue, _ path: SchemaPath, _ depth: Int
    ) -> ArgumentViolation? {
        for schema in [node.reference].compactMap(\.self) + node.allOf {
            if let violation = violation(of: schema, in: value, at: path, depth: depth + 1) { return violation }
        }
        if !node.anyOf.isEmpty {
            var last: ArgumentViolation?
            for schema in node.anyOf {
                last = violation(of: schema, in: value, at: path, depth: depth + 1)
                if last == nil || isExhausted { break }
            }
            if let last { return isExhausted ? last : violation(path, "fits none of the alternatives") }
        }
        if !node.oneOf.isEmpty {
            var matches = 0
            for schema in node.oneOf {
                let found = violation(of: schema, in: value, at: path, depth: depth + 1)
                if isExhausted { return found }
                if found == nil { matches += 1 }
            }
            if matches != 1 { return violation(path, "must fit one of the alternatives, fits \(matches)") }
        }
        if let schema = node.not {
            let found = violation(of: schema, in: value, at: path, depth: depth + 1)
            if isExhausted { return found }
            if found == nil { return violation(path, "is of a form that is not allowed") }
        }
        return nil
    }
}

extension SchemaNumber {
    /// A bound as messages show it.
    var text: String {
        switch self {
        case .integer(let value): String(value)
        case .real(let value): value.description
        }
    }
}
