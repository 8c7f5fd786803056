/// A place that the process may connect to.
package enum EgressRule: Sendable, Hashable, CustomStringConvertible {
    /// Any port of this machine's loopback addresses.
    case loopback
    /// A host by its name.
    case name(HostName, port: Int)
    /// An address, or a network of addresses that share the first bits.
    case network(IPAddress, text: String, prefixLength: Int, port: Int)

    package var description: String {
        switch self {
        case .loopback: "loopback"
        case .name(let name, let port): "\(name):\(port)"
        case .network(let address, let text, let prefixLength, let port):
            (address.bitWidth == 128 ? "[\(text)]" : text)
                + (prefixLength == address.bitWidth ? "" : "/\(prefixLength)") + ":\(port)"
        }
    }

    /// Reads `loopback`, `name:port`, `10.0.0.1:443`, `10.0.0.0/8:443`, `[fd00::1]:443` or `[fd00::]/8:443`.
    init(_ text: String) throws(SettingFault) {
        if text.lowercased() == "loopback" {
            self = .loopback
            return
        }
        guard let colon = text.lastIndex(of: ":") else { throw SettingFault("the port is missing") }
        guard let port = HostAndPort.port(text[text.index(after: colon)...]) else {
            throw SettingFault("the port is missing or not from 1 to 65535")
        }
        let parts = text[..<colon].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = parts.first, let host = HostName(place),
            host.address?.bitWidth != 128 || place.hasPrefix("[")
        else { throw SettingFault("not a host name, or an address (IPv6 in brackets)") }
        guard let address = host.address else {
            guard parts.count == 1 else { throw SettingFault("only an address may have a number of bits") }
            self = .name(host, port: port)
            return
        }
        let length = parts.count == 1 ? address.bitWidth : Self.prefixLength(parts[1], of: address)
        guard let length else { throw SettingFault("the number of bits must be from 0 to \(address.bitWidth)") }
        guard address.hasOnlyZeros(after: length) else {
            throw SettingFault("the address has bits set beyond the network's \(length)")
        }
        self = .network(address, text: host.text, prefixLength: length, port: port)
    }

    private static func prefixLength(_ text: Substring, of address: IPAddress) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy(ASCII.isDigit), let length = Int(text),
            length <= address.bitWidth
        else { return nil }
        return length
    }
}

extension IPAddress {
    /// Whether every bit after the first `length` is zero.
    func hasOnlyZeros(after length: Int) -> Bool {
        (length..<max(length, bitWidth)).allSatisfy { bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }
    }
}
