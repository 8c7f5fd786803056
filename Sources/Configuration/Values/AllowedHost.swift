/// A `Host` or `Origin` value that the server answers to; parts that are nil match anything.
package struct AllowedHost: Sendable, Hashable, CustomStringConvertible {
    /// The origin's scheme, where one was given.
    package let scheme: String?
    /// The host, without brackets.
    package let host: HostName
    /// The port, where one was given.
    package let port: Int?

    package var description: String {
        (scheme.map { "\($0)://" } ?? "") + host.description + (port.map { ":\($0)" } ?? "")
    }

    /// Reads `host`, `host:port`, or an origin (`https://host:port`).
    init(_ text: String) throws(SettingFault) {
        guard text != "*" else { throw SettingFault("* would let any web page in: name the hosts") }
        var place = text[...]
        var scheme: String?
        for candidate in ["http", "https"] where text.lowercased().hasPrefix(candidate + "://") {
            scheme = candidate
            place = text.dropFirst(candidate.count + 3)
        }
        guard let place = HostAndPort(place) else { throw SettingFault("not a host, host:port or origin") }
        self.scheme = scheme
        host = place.host
        port = place.port
    }
}
