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
        var key = key
        return key.withUTF8 { document.value(of: $0, in: index) }.map { JSONNode(document: document, index: $0) }
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

    /// Gives the UTF-8 of a string to a body, escapes resolved; of no bytes for other kinds. Makes no string where it
    /// holds no escapes.
    package func withTextBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard kind == .string else { return body(UnsafeBufferPointer(start: nil, count: 0)) }
        return document.bytes.withUnsafeBufferPointer { bytes in
            guard entry.hasEscapes else {
                return body(UnsafeBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1]))
            }
            let content = UnsafeBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1])
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: content.count) { text in
                let end = Self.write(content, into: text)
                return body(UnsafeBufferPointer(rebasing: text[..<end]))
            }
        }
    }

    /// Gives the value's bytes in the document to a body.
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        document.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
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
        document.bytes.withUnsafeBufferPointer { document.entries[index].isText(wanted, in: $0) }
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
        let content = UnsafeBufferPointer(rebasing: bytes[Int(entry.start) + 1..<Int(entry.end) - 1])
        guard entry.hasEscapes else { return String(decoding: content, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: content.count) { write(content, into: $0) }
    }

    /// Writes a string's content with its escapes resolved, and says how long it is: an escape is never shorter than
    /// what it stands for.
    private static func write(
        _ content: UnsafeBufferPointer<UInt8>, into text: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var end = 0
        forEachPart(of: content) { part in
            switch part {
            case .plain(let range):
                _ = UnsafeMutableBufferPointer(rebasing: text[end...]).initialize(fromContentsOf: content[range])
                end += range.count
            case .scalar(let scalar):
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    text[end] = byte
                    end += 1
                }
            }
        }
        return end
    }

    /// What a string is made of: stretches that stand for themselves, and escapes.
    private enum Part {
        case plain(Range<Int>)
        case scalar(Unicode.Scalar)
    }

    private static func forEachPart(of content: UnsafeBufferPointer<UInt8>, _ body: (Part) -> Void) {
        var index = 0
        while index < content.count {
            let end = content.endOfPlainText(from: index, asciiOnly: false)
            if end > index { body(.plain(index..<end)) }
            guard end + 1 < content.count else { return }
            index = end + 2
            switch content[end + 1] {
            case UInt8(ascii: "b"): body(.scalar("\u{08}"))
            case UInt8(ascii: "f"): body(.scalar("\u{0C}"))
            case UInt8(ascii: "n"): body(.scalar("\n"))
            case UInt8(ascii: "r"): body(.scalar("\r"))
            case UInt8(ascii: "t"): body(.scalar("\t"))
            case UInt8(ascii: "u"): body(.scalar(takeScalar(content, &index)))
            case let other: body(.scalar(Unicode.Scalar(other)))
            }
        }
    }

    /// Reads the digits of `\u`, and a second unit where the first is half of a pair.
    private static func takeScalar(_ content: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Unicode.Scalar {
        func takeUnit() -> UInt32 {
            var unit: UInt32 = 0
            for _ in 0..<4 where index < content.count {
                unit = unit << 4 | UInt32(Hexadecimal.value(content[index]) ?? 0)
                index += 1
            }
            return unit
        }
        var scalar = takeUnit()
        if scalar & 0xFC00 == 0xD800 {
            index += 2
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (takeUnit() & 0x3FF)
        }
        return Unicode.Scalar(scalar) ?? "\u{FFFD}"
    }
}
