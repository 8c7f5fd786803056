/// An IP address as its 4 or 16 bytes.
package struct IPAddress: Sendable, Hashable {
    /// The bytes in network order.
    package let bytes: [UInt8]

    /// Reads dotted-decimal IPv4 or RFC 4291 IPv6, without brackets and without a zone.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        guard let bytes = text.utf8.contains(UInt8(ascii: ":")) ? Self.version6(text) : Self.version4(text) else {
            return nil
        }
        self.bytes = bytes
    }

    /// Number of bits in an address of this version.
    package var bitWidth: Int { bytes.count * 8 }

    /// 127.0.0.0/8, ::1, and the former mapped into IPv6.
    package var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 }
        return bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff && bytes[12] == 127
    }

    /// The address that stands for every interface.
    package var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    private static func version4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some readers, so it is no address here.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(ASCII.isDigit),
                part == "0" || !part.hasPrefix("0"), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let gap = firstGap(text) else {
            guard let bytes = groups(parts[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        let head = text[..<gap]
        let tail = text[text.index(gap, offsetBy: 2)...]
        guard firstGap(tail) == nil, !tail.hasPrefix(":") else { return nil }
        let headParts = head.isEmpty ? [] : head.split(separator: ":", omittingEmptySubsequences: false)
        let tailParts = tail.isEmpty ? [] : tail.split(separator: ":", omittingEmptySubsequences: false)
        guard let front = groups(headParts[...], mayEndInVersion4: false), let back = groups(tailParts[...]),
            front.count + back.count <= 14
        else { return nil }
        return front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back
    }

    /// The start of the first `::`.
    private static func firstGap<Text: StringProtocol>(_ text: Text) -> Text.Index? {
        var previous: Text.Index?
        for index in text.indices {
            guard text[index] == ":" else {
                previous = nil
                continue
            }
            if let previous { return previous }
            previous = index
        }
        return nil
    }

    private static func groups<Part: StringProtocol>(
        _ parts: ArraySlice<Part>, mayEndInVersion4: Bool = true
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (index, part) in zip(parts.indices, parts) {
            if mayEndInVersion4, index == parts.endIndex - 1, part.contains(".") {
                guard let last = version4(part) else { return nil }
                bytes += last
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(ASCII.isHexadecimal),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
        }
        return bytes
    }
}
