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

extension JSONObject {
    /// The canonical text of RFC 8785; see ``JSONValue/canonical``.
    package var canonical: [UInt8] { JSONValue.object(self).canonical }
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
            for member in object.members.sorted(by: { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }) {
                key(member.key)
                canonical(member.value)
            }
            endObject()
        default:
            self.value(value)
        }
    }
}
