package import OrchCore

/// Hashes of all that decides at one moment: what a receipt pins.
///
/// The same pins serve many requests, so that their canonical form is made once.
package struct Pins: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package let object: JSONObject
    /// Canonical JSON (RFC 8785).
    package let canonical: [UInt8]

    package init(_ object: JSONObject) {
        self.object = object
        canonical = object.canonical
    }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }

    package subscript(_ key: String) -> JSONValue? { object[key] }
}
