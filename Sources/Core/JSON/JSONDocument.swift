/// A validated JSON text: the bytes as they came, and a flat index of what stands where.
///
/// One scan checks the grammar of RFC 8259 strictly (UTF-8, escapes, no lone surrogates, no duplicate keys, bounded
/// depth) and notes each value's place. Nothing is decoded until it is asked for, so that a body can be passed on as
/// bytes after only the few fields that decide something have been looked at.
package struct JSONDocument: Sendable {
    /// One reference, since every node holds it.
    private final class Storage: Sendable {
        let bytes: [UInt8]
        let entries: [JSONEntry]

        init(bytes: [UInt8], entries: [JSONEntry]) {
            self.bytes = bytes
            self.entries = entries
        }
    }

    private let storage: Storage

    package var bytes: [UInt8] { storage.bytes }
    var entries: [JSONEntry] { storage.entries }

    /// Scans the bytes.
    ///
    /// - Throws: ``JSONError`` naming the first fault and its position.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var scanner = JSONScanner(limits: limits)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<[JSONEntry], JSONError> in
            do throws(JSONError) {
                return .success(try scanner.scan(buffer))
            } catch {
                return .failure(error)
            }
        }
        storage = Storage(bytes: bytes, entries: try result.get())
    }

    /// The outermost value.
    package var root: JSONNode { JSONNode(document: self, index: 0) }

    /// The index of the first value with this key in the object at an index; nil where there is none, or no object.
    func value(of key: UnsafeBufferPointer<UInt8>, in index: Int) -> Int? {
        storage.entries.withUnsafeBufferPointer { entries in
            guard entries[index].kind == .object else { return nil }
            return storage.bytes.withUnsafeBufferPointer { bytes in
                let end = Int(entries[index].next)
                var cursor = index + 1
                while cursor < end {
                    if entries[cursor].isText(key, in: bytes) { return cursor + 1 }
                    cursor = Int(entries[cursor + 1].next)
                }
                return nil
            }
        }
    }
}

/// Bounds on a JSON text.
package struct JSONLimits: Sendable {
    /// How deep arrays and objects may nest.
    package var depth: Int
    /// Whether an object may hold one key twice. Off for callers' requests: two readers of such a text may disagree.
    package var allowsDuplicateKeys: Bool

    package init(depth: Int = 64, allowsDuplicateKeys: Bool = false) {
        self.depth = depth
        self.allowsDuplicateKeys = allowsDuplicateKeys
    }
}

/// The kind of a JSON value.
package enum JSONKind: UInt8, Sendable {
    case null, bool, number, string, array, object

    /// The kind with its article, for messages: `a string`, `an object`.
    package var phrase: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// One value's place in the bytes. Members of an object are a key entry followed by the value's.
struct JSONEntry: Sendable {
    var kind: JSONKind
    /// For strings: whether an escape occurs, so that the bytes between the quotes are not the text.
    var hasEscapes: Bool
    var start: UInt32
    var end: UInt32
    /// The index of the first entry after this value and all it holds.
    var next: UInt32

    /// Whether a string's text is this one. Makes no string where it holds no escapes.
    func isText(_ wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !hasEscapes else { return JSONNode.text(of: self, in: bytes).utf8.elementsEqual(wanted) }
        let start = Int(self.start) + 1
        guard wanted.count == Int(end) - 1 - start else { return false }
        for offset in 0..<wanted.count where bytes[start + offset] != wanted[offset] { return false }
        return true
    }
}
