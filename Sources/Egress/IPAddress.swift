/// An IPv4 or IPv6 address in its 16-byte form; IPv4 is held as IPv4-mapped (RFC 4291 section 2.5.5.2).
///
/// One form for both means that `::ffff:169.254.169.254` and `169.254.169.254` are the same address to every rule.
package struct IPAddress: Sendable, Hashable {
    /// Network order, always 16.
    package let bytes: [UInt8]

    /// From 4 or 16 bytes in network order; nil for other lengths.
    package init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + bytes
        case 16: self.bytes = bytes
        default: return nil
        }
    }

    /// Reads dotted-decimal IPv4, or IPv6 with or without brackets (RFC 4291 section 2.2); no zone, no other notation.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        if text.first == "[", text.last == "]" { text = String(text.dropFirst().dropLast()) }
        if text.contains(":") {
            guard let bytes = Self.ipv6(text) else { return nil }
            self.init(bytes: bytes)
        } else {
            guard let bytes = Self.ipv4(text[...]) else { return nil }
            self.init(bytes: bytes)
        }
    }

    package var isIPv4: Bool { bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF }

    /// 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        isIPv4 ? bytes[12] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether the address is for the public internet: not loopback, private, shared, link-local, metadata, multicast,
    /// reserved or documentation space (the IANA special-purpose registries).
    package var isPublic: Bool {
        // Of IPv6, only 2000::/3 is allocated for it.
        (isIPv4 || bytes[0] & 0xE0 == 0x20) && !Self.specialPurpose.contains { $0.contains(self) }
    }

    private static let specialPurpose: [IPNetwork] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        // A cloud's own services at a public address.
        "168.63.129.16",
    ].compactMap { IPNetwork($0) }

    private static func ipv4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero is octal to some readers and decimal to others: refused.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func ipv6(_ text: String) -> [UInt8]? {
        guard !text.contains(":::") else { return nil }
        let halves: [Substring]
        if let gap = text.firstRange(of: "::") {
            halves = [text[..<gap.lowerBound], text[gap.upperBound...]]
            guard !halves[1].contains("::") else { return nil }
        } else {
            halves = [text[...]]
        }
        var parsed: [[UInt8]] = []
        for (index, half) in halves.enumerated() {
            guard let bytes = groups(half, mayEndInIPv4: index == halves.count - 1) else { return nil }
            parsed.append(bytes)
        }
        let known = parsed.reduce(0) { $0 + $1.count }
        if parsed.count == 1 { return known == 16 ? parsed[0] : nil }
        guard known <= 14 else { return nil }
        return parsed[0] + [UInt8](repeating: 0, count: 16 - known) + parsed[1]
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), mayEndInIPv4, index == parts.count - 1 {
                guard let tail = ipv4(part) else { return nil }
                bytes += tail
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or eight groups of hexadecimals without compression.
    package var description: String {
        if isIPv4 { return bytes[12...].map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}

/// A range of addresses in CIDR notation.
package struct IPNetwork: Sendable, Hashable {
    private let base: IPAddress
    /// Of 128: an IPv4 prefix counts from bit 96.
    private let prefixBits: Int

    /// Reads `address/prefix`, or one address alone.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = IPAddress(parts[0]) else { return nil }
        let width = base.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var prefix = width
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...width).contains(number), parts[1].allSatisfy(\.isNumber) else {
                return nil
            }
            prefix = number
        }
        self.base = base
        prefixBits = prefix + 128 - width
    }

    package func contains(_ address: IPAddress) -> Bool {
        // An IPv6 range does not reach into the IPv4-mapped space unless it says so.
        if prefixBits < 96, address.isIPv4 != base.isIPv4 { return false }
        for bit in 0..<prefixBits {
            let mask = UInt8(0x80 >> (bit % 8))
            guard address.bytes[bit / 8] & mask == base.bytes[bit / 8] & mask else { return false }
        }
        return true
    }
}
