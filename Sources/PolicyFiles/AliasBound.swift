/// Bounds the aliases of a YAML text before it is parsed.
///
/// Counting nodes afterwards is too late: while composing, the parser compares the keys of every mapping, and a key may
/// be an alias of an alias of … So every `*name` counts whose `&name` stands anywhere in the text, even in prose or in
/// quotes: more may be counted than the parser would see, never fewer.
enum AliasBound {
    static func check(_ utf8: String.UTF8View, file: String) throws(PolicyFileError) {
        let bytes = Array(utf8)
        let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map { bytes[$0] })
        guard !anchors.isEmpty else { return }
        var aliases = 0
        for range in names(after: UInt8(ascii: "*"), in: bytes) where anchors.contains(bytes[range]) {
            aliases += 1
            guard aliases <= PolicyFileLimits.maximumAliases else {
                let place = SourcePosition(of: range.lowerBound - 1, in: bytes)
                throw PolicyFileError(
                    .tooComplex, file: file, at: place, "more than \(PolicyFileLimits.maximumAliases) aliases")
            }
        }
    }

    /// The ranges of the names that follow an indicator.
    private static func names(after indicator: UInt8, in bytes: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == indicator else {
                index += 1
                continue
            }
            let start = index + 1
            index = start
            while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
            if index > start { ranges.append(start..<index) }
        }
        return ranges
    }

    /// The bytes that the parser takes into an anchor's name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
