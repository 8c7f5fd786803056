extension JSONValue {
    /// The canonical text of RFC 8785: no white space, members sorted by their keys' UTF-16 units, ECMAScript numbers.
    ///
    /// Integers beyond ±(2^53 - 1) are not interoperable there; they are written in full.
    package var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.canonical(self)
        return writer.bytes
    }
}

extension JSONValue {
    /// The same value with each number as its canonical text would be read: `3000.0`, `3e3` and `3000` have one text, and
    /// here they are one integer.
    package var withCanonicalNumbers: JSONValue {
        guard hasFractions else { return self }
        switch self {
        case .number(let value):
            return Int(String(decoding: JSONValue.number(value).serialized, as: UTF8.self)).map(JSONValue.integer)
                ?? self
        case .array(let elements):
            return .array(elements.map(\.withCanonicalNumbers))
        case .object(let object):
            return .object(
                JSONObject(object.members.map { .init(key: $0.key, value: $0.value.withCanonicalNumbers) }))
        case .null, .bool, .integer, .string:
            return self
        }
    }

    private var hasFractions: Bool {
        switch self {
        case .number: true
        case .array(let elements): elements.contains(where: \.hasFractions)
        case .object(let object): object.members.contains { $0.value.hasFractions }
        case .null, .bool, .integer, .string: false
        }
    }
}

extension JSONObject {
    /// The canonical text of RFC 8785; see ``JSONValue/canonical``.
    package var canonical: [UInt8] { JSONValue.object(self).canonical }

    /// Appends the canonical text to some bytes.
    package func appendCanonical(to bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: bytes)
        bytes = []
        writer.canonical(.object(self))
        bytes = writer.bytes
    }
}

extension JSONWriter {
    mutating func canonical(_ value: JSONValue) {
        switch value {
        case .array(let elements):
            beginArray()
            for element in elements { canonical(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.sortedMembers {
                key(member.key)
                canonical(member.value)
            }
            endObject()
        default:
            self.value(value)
        }
    }
}

extension JSONObject {
    /// The members sorted by their keys' UTF-16 units. Most objects are written in that order already.
    fileprivate var sortedMembers: [Member] {
        guard members.count <= 32 else { return members.sorted { Self.precedes($0.key, $1.key) } }
        var members = self.members
        for place in members.indices.dropFirst() {
            var hole = place
            guard Self.precedes(members[place].key, members[place - 1].key) else { continue }
            let member = members[place]
            while hole > 0, Self.precedes(member.key, members[hole - 1].key) {
                members[hole] = members[hole - 1]
                hole -= 1
            }
            members[hole] = member
        }
        return members
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        var (one, other) = (one, other)
        let order = one.withUTF8 { first in
            other.withUTF8 { second -> Bool? in
                var index = 0
                while index < first.count, index < second.count, first[index] == second[index] { index += 1 }
                guard index < first.count, index < second.count else { return first.count < second.count }
                // Below the surrogates, UTF-8 sorts as UTF-16 does.
                guard first[index] < 0xEE, second[index] < 0xEE else { return nil }
                return first[index] < second[index]
            }
        }
        return order ?? one.utf16.lexicographicallyPrecedes(other.utf16)
    }
}
