/// The one scan that validates a JSON text and indexes its values.
struct JSONScanner {
    private let limits: JSONLimits
    private var entries: [JSONEntry] = []
    private var position = 0

    /// The largest text that the index can address.
    static let maximumBytes = Int(UInt32.max) - 1

    init(limits: JSONLimits) {
        self.limits = limits
    }

    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [JSONEntry] {
        guard bytes.count <= Self.maximumBytes else { throw JSONError("text is too large", at: 0, in: bytes) }
        entries.reserveCapacity(min(bytes.count / 12 + 8, 4096))
        skipWhitespace(bytes)
        try scanValue(bytes, depth: 0)
        skipWhitespace(bytes)
        guard position == bytes.count else {
            throw JSONError("unexpected text after the value", at: position, in: bytes)
        }
        return entries
    }

    private mutating func scanValue(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) throws(JSONError) {
        guard position < bytes.count else { throw JSONError("unexpected end of text", at: position, in: bytes) }
        switch bytes[position] {
        case UInt8(ascii: "{"): try scanObject(bytes, depth: depth)
        case UInt8(ascii: "["): try scanArray(bytes, depth: depth)
        case UInt8(ascii: "\""): try scanString(bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(bytes)
        case UInt8(ascii: "t"): try scanLiteral("true", .bool, bytes)
        case UInt8(ascii: "f"): try scanLiteral("false", .bool, bytes)
        case UInt8(ascii: "n"): try scanLiteral("null", .null, bytes)
        default: throw JSONError("unexpected character", at: position, in: bytes)
        }
    }

    private mutating func scanObject(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) throws(JSONError) {
        let entry = try open(.object, depth: depth, bytes)
        var count = 0
        skipWhitespace(bytes)
        if peek(bytes) == UInt8(ascii: "}") {
            close(entry)
            return
        }
        while true {
            guard peek(bytes) == UInt8(ascii: "\"") else {
                throw JSONError("expected a key in double quotes", at: position, in: bytes)
            }
            try scanString(bytes)
            skipWhitespace(bytes)
            guard peek(bytes) == UInt8(ascii: ":") else { throw JSONError("expected ':'", at: position, in: bytes) }
            position += 1
            skipWhitespace(bytes)
            try scanValue(bytes, depth: depth + 1)
            count += 1
            skipWhitespace(bytes)
            switch peek(bytes) {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace(bytes)
            case UInt8(ascii: "}"):
                close(entry)
                if !limits.allowsDuplicateKeys { try refuseDuplicateKeys(of: entry, count: count, bytes) }
                return
            default:
                throw JSONError("expected ',' or '}'", at: position, in: bytes)
            }
        }
    }

    private mutating func scanArray(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int) throws(JSONError) {
        let entry = try open(.array, depth: depth, bytes)
        skipWhitespace(bytes)
        if peek(bytes) == UInt8(ascii: "]") {
            close(entry)
            return
        }
        while true {
            try scanValue(bytes, depth: depth + 1)
            skipWhitespace(bytes)
            switch peek(bytes) {
            case UInt8(ascii: ","):
                position += 1
                skipWhitespace(bytes)
            case UInt8(ascii: "]"):
                close(entry)
                return
            default:
                throw JSONError("expected ',' or ']'", at: position, in: bytes)
            }
        }
    }

    private mutating func open(
        _ kind: JSONKind,
        depth: Int,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> Int {
        guard depth < limits.depth else {
            throw JSONError("nested deeper than \(limits.depth) levels", at: position, in: bytes)
        }
        append(kind, from: position, to: position)
        position += 1
        return entries.count - 1
    }

    private mutating func close(_ entry: Int) {
        position += 1
        entries[entry].end = UInt32(truncatingIfNeeded: position)
        entries[entry].next = UInt32(truncatingIfNeeded: entries.count)
    }

    private mutating func append(_ kind: JSONKind, from start: Int, to end: Int, hasEscapes: Bool = false) {
        entries.append(
            JSONEntry(
                kind: kind,
                hasEscapes: hasEscapes,
                start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: end),
                next: UInt32(truncatingIfNeeded: entries.count + 1)
            )
        )
    }

    private func peek(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipWhitespace(_ bytes: UnsafeBufferPointer<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func scanLiteral(
        _ word: StaticString,
        _ kind: JSONKind,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard start + index < bytes.count, bytes[start + index] == word.utf8Start[index] else {
                throw JSONError("unexpected word", at: start, in: bytes)
            }
        }
        position = start + word.utf8CodeUnitCount
        append(kind, from: start, to: position)
    }
}

// MARK: - Numbers

extension JSONScanner {
    private mutating func scanNumber(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        if peek(bytes) == UInt8(ascii: "-") { position += 1 }
        if peek(bytes) == UInt8(ascii: "0") {
            position += 1
        } else {
            try scanDigits(bytes)
        }
        if peek(bytes) == UInt8(ascii: ".") {
            position += 1
            try scanDigits(bytes)
        }
        if let letter = peek(bytes), letter | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = peek(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try scanDigits(bytes)
        }
        // Only a long text of digits or an exponent can pass the range of a double.
        if position - start > 15, !JSONNode.double(in: bytes[start..<position]).isFinite {
            throw JSONError("number out of range", at: start, in: bytes)
        }
        if position - start <= 15, !isFiniteShort(bytes[start..<position]) {
            throw JSONError("number out of range", at: start, in: bytes)
        }
        append(.number, from: start, to: position)
    }

    private mutating func scanDigits(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        guard position > start else { throw JSONError("expected a digit", at: position, in: bytes) }
    }

    private func isFiniteShort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return true }
        return JSONNode.double(in: bytes).isFinite
    }
}

// MARK: - Strings

extension JSONScanner {
    private mutating func scanString(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        var hasEscapes = false
        position += 1
        while true {
            position = bytes.endOfPlainText(from: position, asciiOnly: true)
            guard position < bytes.count else { throw JSONError("string is not closed", at: start, in: bytes) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                append(.string, from: start, to: position, hasEscapes: hasEscapes)
                return
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape(bytes)
            case 0x80...:
                try scanUTF8(bytes)
            default:
                throw JSONError("control character in a string", at: position, in: bytes)
            }
        }
    }

    private mutating func scanEscape(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let start = position
        position += 1
        switch peek(bytes) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            position += 1
            let unit = try scanHexadecimals(bytes)
            guard unit & 0xF800 == 0xD800 else { return }
            guard unit < 0xDC00, peek(bytes) == UInt8(ascii: "\\") else {
                throw JSONError("lone surrogate in a string", at: start, in: bytes)
            }
            position += 1
            guard peek(bytes) == UInt8(ascii: "u") else {
                throw JSONError("lone surrogate in a string", at: start, in: bytes)
            }
            position += 1
            guard try scanHexadecimals(bytes) & 0xFC00 == 0xDC00 else {
                throw JSONError("lone surrogate in a string", at: start, in: bytes)
            }
        default:
            throw JSONError("unknown escape in a string", at: start, in: bytes)
        }
    }

    private mutating func scanHexadecimals(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek(bytes).flatMap(Hexadecimal.value) else {
                throw JSONError("expected four hexadecimal digits", at: position, in: bytes)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// One multi-byte scalar, by the table of well-formed sequences (Unicode 16, table 3-7).
    private mutating func scanUTF8(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        let lead = bytes[position]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch lead {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0x80...0xBF)
            }
        guard length > 0, position + length <= bytes.count, second.contains(bytes[position + 1]) else {
            throw JSONError("invalid UTF-8", at: position, in: bytes)
        }
        for index in 2..<max(length, 2) where bytes[position + index] & 0xC0 != 0x80 {
            throw JSONError("invalid UTF-8", at: position, in: bytes)
        }
        position += length
    }
}

// MARK: - Keys

extension JSONScanner {
    /// Up to this many members are compared pairwise; more go through a set.
    private static let pairwiseMembers = 12

    private func refuseDuplicateKeys(
        of object: Int,
        count: Int,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        guard count > 1 else { return }
        var keys: [JSONEntry] = []
        keys.reserveCapacity(count)
        var index = object + 1
        while index < Int(entries[object].next) {
            keys.append(entries[index])
            index = Int(entries[index + 1].next)
        }
        let anyEscapes = keys.contains(where: \.hasEscapes)
        if count <= Self.pairwiseMembers, !anyEscapes {
            for later in 1..<count {
                for earlier in 0..<later where sameBytes(keys[earlier], keys[later], bytes) {
                    throw JSONError("duplicate key", at: Int(keys[later].start), in: bytes)
                }
            }
            return
        }
        // As bytes: strings that differ in their normal form alone are equal to Swift, and not to JSON.
        var seen = Set<[UInt8]>(minimumCapacity: count)
        for key in keys where !seen.insert(Array(JSONNode.text(of: key, in: bytes).utf8)).inserted {
            throw JSONError("duplicate key", at: Int(key.start), in: bytes)
        }
    }

    private func sameBytes(_ one: JSONEntry, _ other: JSONEntry, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let length = one.end - one.start
        guard length == other.end - other.start else { return false }
        for offset in 1..<Int(length) where bytes[Int(one.start) + offset] != bytes[Int(other.start) + offset] {
            return false
        }
        return true
    }
}
