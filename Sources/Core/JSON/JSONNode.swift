/// A value inside a ``JSONDocument``: where it stands, and its content on demand.
package struct JSONNode: Sendable {
    let document: JSONDocument
    let index: Int

    private var entry: JSONEntry { document.entries[index] }

    package var kind: JSONKind { entry.kind }

    /// The value's bytes in the document, quotes and brackets included.
    package var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

    /// The value's bytes.
    package var slice: ArraySlice<UInt8> { document.bytes[range] }

    /// The first member of an object with this key; nil where there is none, or this is no object.
    package subscript(_ key: String) -> JSONNode? {
        members.first { $0.keyEquals(key) }?.value
    }

    /// The members of an object in their order; empty for other kinds.
    package var members: JSONMembers { JSONMembers(node: self) }

    /// The elements of an array in their order; empty for other kinds.
    package var elements: JSONElements { JSONElements(node: self) }

    package var isNull: Bool { kind == .null }

    /// The text of a string, escapes resolved.
    package var string: String? {
        guard kind == .string else { return nil }
        return document.bytes.withUnsafeBufferPointer { Self.text(of: entry, in: $0) }
    }

    /// Whether this is a string that begins so. Makes no string where it holds no escapes.
    package func stringHasPrefix(_ prefix: StaticString) -> Bool {
        guard kind == .string else { return false }
        return prefix.withUTF8Buffer { wanted in
            guard !entry.hasEscapes else { return string?.utf8.starts(with: wanted) ?? false }
            return document.bytes[range.lowerBound + 1..<range.upperBound - 1].starts(with: wanted)
        }
    }

    /// The number, where it is written as an integer and fits.
    package var int: Int? {
        guard kind == .number else { return nil }
        return document.bytes.withUnsafeBufferPointer { Self.integer(in: $0[range]) }
    }

    /// The number as a double.
    package var double: Double? {
        guard kind == .number else { return nil }
        return document.bytes.withUnsafeBufferPointer { Self.double(in: $0[range]) }
    }

    package var bool: Bool? {
        guard kind == .bool else { return nil }
        return document.bytes[range.lowerBound] == UInt8(ascii: "t")
    }

    /// The whole value, decoded.
    package var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(bool ?? false)
        case .number: int.map(JSONValue.integer) ?? .number(double ?? 0)
        case .string: .string(string ?? "")
        case .array: .array(elements.map(\.value))
        case .object: .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.value.value) }))
        }
    }
}

/// The members of an object, in the order of the text.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let document: JSONDocument
    private var cursor: Int
    private let end: Int

    init(node: JSONNode) {
        document = node.document
        cursor = node.index + 1
        end = node.kind == .object ? Int(node.document.entries[node.index].next) : 0
    }

    package mutating func next() -> JSONMember? {
        guard cursor < end else { return nil }
        let member = JSONMember(document: document, index: cursor)
        cursor = Int(document.entries[cursor + 1].next)
        return member
    }
}

/// One member of an object.
package struct JSONMember: Sendable {
    let document: JSONDocument
    let index: Int

    private var keyNode: JSONNode { JSONNode(document: document, index: index) }

    package var key: String { keyNode.string ?? "" }
    package var value: JSONNode { JSONNode(document: document, index: index + 1) }

    /// From the key's opening quote to the value's end.
    package var range: Range<Int> { keyNode.range.lowerBound..<value.range.upperBound }

    /// Compares the key without making a string of it where it holds no escapes.
    package func keyEquals(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { keyEquals($0) }
    }

    /// The same for a name that is known when the program is built.
    package func keyEquals(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { keyEquals($0) }
    }

    private func keyEquals(_ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        let entry = document.entries[index]
        guard !entry.hasEscapes else { return key.utf8.elementsEqual(wanted) }
        let start = Int(entry.start) + 1
        guard wanted.count == Int(entry.end) - 1 - start else { return false }
        return document.bytes.withUnsafeBufferPointer { bytes in
            for offset in 0..<wanted.count where bytes[start + offset] != wanted[offset] { return false }
            return true
        }
    }
}

/// The elements of an array, in the order of the text.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let document: JSONDocument
    private var cursor: Int
    private let end: Int

    init(node: JSONNode) {
        document = node.document
        cursor = node.index + 1
        end = node.kind == .array ? Int(node.document.entries[node.index].next) : 0
    }

    package mutating func next() -> JSONNode? {
        guard cursor < end else { return nil }
        let element = JSONNode(document: document, index: cursor)
        cursor = Int(document.entries[cursor].next)
        return element
    }
}

// MARK: - Decoding scalars

extension JSONNode {
    static func integer(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard let first = bytes.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var value = 0
        for byte in isNegative ? bytes.dropFirst() : bytes {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) =
                isNegative
                ? product.subtractingReportingOverflow(Int(digit)) : product.addingReportingOverflow(Int(digit))
            guard !overflowed, !carried else { return nil }
            value = sum
        }
        return value
    }

    static func double(in bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double {
        Double(String(decoding: bytes, as: UTF8.self)) ?? .nan
    }

    /// The text of a string entry that the scanner has validated.
    static func text(of entry: JSONEntry, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        let content = bytes[Int(entry.start) + 1..<Int(entry.end) - 1]
        guard entry.hasEscapes else { return String(decoding: content, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var rest = content[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text.append(contentsOf: takeScalar(&rest).utf8)
            default: text.append(escape)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func takeScalar(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Character {
        func takeUnit() -> UInt32 {
            var unit: UInt32 = 0
            for _ in 0..<4 { unit = unit << 4 | UInt32(rest.popFirst().flatMap(Hexadecimal.value) ?? 0) }
            return unit
        }
        var scalar = takeUnit()
        if scalar & 0xFC00 == 0xD800 {
            rest = rest.dropFirst(2)
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (takeUnit() & 0x3FF)
        }
        return Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")
    }
}

extension JSONNode {
    /// How many UTF-8 bytes the text of a string has; 0 for other kinds.
    package var textBytes: Int {
        guard kind == .string else { return 0 }
        return entry.hasEscapes ? (string ?? "").utf8.count : range.count - 2
    }
}
