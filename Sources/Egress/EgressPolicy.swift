import OrchCore

/// A host and port to connect to.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int
    package var usesTLS: Bool

    package init(host: String, port: Int, usesTLS: Bool = false) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Says where the process may connect to: ORCH_EGRESS_ALLOWLIST.
///
/// An entry is `loopback`, `host:port`, or an address or CIDR range with a port; `*` stands for any port. A name allows
/// only public addresses: private, link-local and metadata addresses are reached only where an entry lists them by
/// address, so that a name cannot be pointed at them afterwards.
package struct EgressPolicy: Sendable {
    private enum Place: Sendable {
        case loopback
        case name(String)
        case network(IPNetwork)
    }

    private struct Entry: Sendable {
        let place: Place
        /// nil is any port.
        let port: Int?
    }

    private let entries: [Entry]

    /// - Throws: ``EgressError`` naming the entry that cannot be read.
    package init(allowlist: [String]) throws(EgressError) {
        var entries: [Entry] = []
        for text in allowlist {
            guard let entry = Self.parse(text) else {
                throw EgressError(
                    .invalidEntry,
                    "ORCH_EGRESS_ALLOWLIST: '\(text)' is not loopback, host:port, address:port or range:port")
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// Whether any of the entries could allow the name; asked before it is resolved, so that a refused name causes no
    /// look-up.
    package func mayResolve(_ endpoint: Endpoint) -> Bool {
        if let address = IPAddress(endpoint.host) { return allows(address, for: endpoint) }
        return entries.contains { entry in
            guard entry.port == nil || entry.port == endpoint.port else { return false }
            return switch entry.place {
            case .loopback: Self.isLocalName(endpoint.host)
            case .name(let name): name == endpoint.host.lowercased()
            case .network: true
            }
        }
    }

    /// Whether a connection to this resolved address of the endpoint may be made.
    package func allows(_ address: IPAddress, for endpoint: Endpoint) -> Bool {
        entries.contains { entry in
            guard entry.port == nil || entry.port == endpoint.port else { return false }
            return switch entry.place {
            case .loopback: address.isLoopback && (Self.isLocalName(endpoint.host) || IPAddress(endpoint.host) != nil)
            case .name(let name): name == endpoint.host.lowercased() && address.isPublic
            case .network(let network): network.contains(address)
            }
        }
    }

    /// Whether an entry names this `host:port` itself, or the host with any port.
    package func names(_ hostAndPort: String) -> Bool {
        guard let colon = hostAndPort.lastIndex(of: ":"),
            let port = Int(hostAndPort[hostAndPort.index(after: colon)...])
        else { return false }
        return entries.contains { entry in
            guard case .name(let name) = entry.place, entry.port == nil || entry.port == port else { return false }
            return name == hostAndPort[..<colon].lowercased()
        }
    }

    private static func isLocalName(_ host: String) -> Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost")
    }

    private static func parse(_ text: String) -> Entry? {
        if text.lowercased() == "loopback" { return Entry(place: .loopback, port: nil) }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let portText = text[text.index(after: colon)...]
        let host = text[..<colon]
        var port: Int?
        if portText != "*" {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(portText),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        guard !host.isEmpty else { return nil }
        if host.lowercased() == "loopback" || isLocalName(String(host)) { return Entry(place: .loopback, port: port) }
        if host.hasPrefix("[") {
            // [address] or [address]/bits; an IPv4 address stands without brackets.
            let parts = host.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].contains(":"), parts[1].isEmpty || parts[1].hasPrefix("/") else {
                return nil
            }
            return IPNetwork(String(parts[0] + parts[1])).map { Entry(place: .network($0), port: port) }
        }
        if !host.contains(":"), let network = IPNetwork(String(host)) {
            return Entry(place: .network(network), port: port)
        }
        guard !endsInNumber(host), !host.hasPrefix("-"), host.utf8.allSatisfy({ isNameByte($0) }),
            host.utf8.count <= 253
        else {
            return nil
        }
        return Entry(place: .name(host.lowercased()), port: port)
    }

    /// Whether resolvers may take the name for an address in octal, hexadecimal or one number (WHATWG URL, "ends in a
    /// number").
    private static func endsInNumber(_ host: Substring) -> Bool {
        let last = host.split(separator: ".").last?.lowercased() ?? ""
        return last.hasPrefix("0x") || last.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// What the guard says of connections.
package struct EgressError: CodedError {
    package struct Code: Sendable, Hashable {
        private enum Value: String { case refused = "egress_refused", invalidEntry = "invalid_allowlist" }
        private let value: Value
        package static let refused = Code(value: .refused)
        package static let invalidEntry = Code(value: .invalidEntry)
        package var name: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    package var codeName: String { code.name }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The refusal of a place that no entry allows.
    package static func refused(_ endpoint: Endpoint) -> EgressError {
        EgressError(.refused, "connections to \(endpoint) are not allowed: list it in ORCH_EGRESS_ALLOWLIST")
    }
}
