/// The values of Host and Origin that are accepted, so that a web page cannot reach the server under a name of its own
/// (DNS rebinding).
package struct HostPolicy: Sendable {
    /// A host, and the port if only that one counts.
    package struct Entry: Sendable, Hashable {
        package var host: String
        package var port: Int?

        package init(host: String, port: Int? = nil) {
            self.host = host.lowercased()
            self.port = port
        }
    }

    private let entries: Set<Entry>
    /// Those of any port, in UTF-8.
    private let hosts: [[UInt8]]

    package init(_ entries: some Sequence<Entry>) {
        self.entries = Set(entries)
        hosts = self.entries.filter { $0.port == nil }.map { Array($0.host.utf8) }
    }

    /// Whether an authority such as `localhost:8088` or `[::1]` is accepted.
    func accepts(authority: some StringProtocol) -> Bool {
        if isListedAsWritten(authority) { return true }
        guard let (host, port) = Self.split(authority) else { return false }
        return entries.contains(Entry(host: host))
            || port.map { entries.contains(Entry(host: host, port: $0)) } ?? false
    }

    /// Whether an Origin such as `http://localhost:3000` is accepted; `null` is not.
    func accepts(origin: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: origin.hasPrefix) else { return false }
        return accepts(authority: origin.dropFirst(scheme.count))
    }

    /// Whether the authority is a listed host letter by letter, with or without a port: how nearly every client writes
    /// it, and no string has to be made to see it.
    private func isListedAsWritten(_ authority: some StringProtocol) -> Bool {
        authority.utf8.withContiguousStorageIfAvailable { bytes in
            hosts.contains { host in
                guard bytes.count >= host.count, bytes.prefix(host.count).elementsEqual(host) else { return false }
                let rest = bytes.dropFirst(host.count)
                guard let colon = rest.first else { return true }
                let digits = rest.dropFirst()
                guard colon == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.first != UInt8(ascii: "0"),
                    digits.allSatisfy({ (0x30...0x39).contains($0) })
                else { return false }
                return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
            }
        } ?? false
    }

    private static func split(_ authority: some StringProtocol) -> (host: String, port: Int?)? {
        let text = authority.lowercased()
        guard !text.isEmpty, !text.contains("@"), !text.contains("/") else { return nil }
        let hostEnd = text.first == "[" ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        guard let hostEnd else { return text.first == "[" ? nil : (trimmed(text), nil) }
        let rest = text[hostEnd...]
        guard !rest.isEmpty else { return (String(text[..<hostEnd]), nil) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (trimmed(String(text[..<hostEnd])), port)
    }

    /// A trailing dot names the same host.
    private static func trimmed(_ host: String) -> String {
        host.hasSuffix(".") ? String(host.dropLast()) : host
    }
}
