/// A host: an IP address or a DNS name, in lower case and without brackets.
package struct HostName: Sendable, Hashable, CustomStringConvertible {
    /// The name or address, as a resolver takes it.
    package let text: String
    /// The address, where the text is one.
    package let address: IPAddress?

    /// Reads a name, an IPv4 address, or an IPv6 address with or without brackets.
    package init?(_ text: some StringProtocol) {
        var bare = text.lowercased()[...]
        if bare.hasPrefix("["), bare.hasSuffix("]") {
            bare = bare.dropFirst().dropLast()
            guard bare.contains(":") else { return nil }
        }
        address = IPAddress(bare)
        guard address != nil || Self.isName(bare) else { return nil }
        self.text = String(bare)
    }

    /// Whether nothing but this machine can be meant.
    package var isLoopback: Bool { address?.isLoopback ?? (text == "localhost") }

    /// The host as it stands in a URL: IPv6 in brackets.
    package var description: String { text.contains(":") ? "[\(text)]" : text }

    /// Letters, digits, hyphens and underscores in labels of 1 to 63. A name whose last label is a number would be an
    /// IPv4 address to some resolvers (`127.1`, `0x7f000001`), so it is none.
    private static func isName(_ text: Substring) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-"),
                label.utf8.allSatisfy({ ASCII.isNameCharacter($0) || $0 == UInt8(ascii: "-") })
            else { return false }
        }
        guard let last = labels.last else { return false }
        let isHexadecimal = last.hasPrefix("0x") && last.utf8.dropFirst(2).allSatisfy(ASCII.isHexadecimal)
        return !isHexadecimal && !last.utf8.allSatisfy(ASCII.isDigit)
    }
}

/// A host with perhaps a port, as in a `Host` header.
struct HostAndPort: Sendable, Hashable {
    let host: HostName
    let port: Int?

    /// Reads `name`, `name:port`, `1.2.3.4:port`, `[::1]` and `[::1]:port`; a bare IPv6 address only without a port.
    init?(_ text: some StringProtocol) {
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard let colon = text.lastIndex(of: ":"), colons == 1 || text[..<colon].hasSuffix("]") else {
            guard let host = HostName(text) else { return nil }
            self.host = host
            port = nil
            return
        }
        guard let host = HostName(text[..<colon]), let port = Self.port(text[text.index(after: colon)...]) else {
            return nil
        }
        self.host = host
        self.port = port
    }

    /// A port from 1 to 65535, without leading zeros.
    static func port(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(ASCII.isDigit), !text.hasPrefix("0"),
            let port = Int(text), port <= 65_535
        else { return nil }
        return port
    }
}
