package import OrchCore

/// The address of a service: scheme, host, port and path, with its credentials kept apart.
package struct ServiceURL: Sendable, Hashable, CustomStringConvertible {
    /// The scheme in lower case.
    package let scheme: String
    /// The host, without brackets.
    package let host: HostName
    /// The port as written, or the usual one of the scheme.
    package let port: Int
    /// The path without a slash at its end; empty for the root.
    package let path: String
    /// The part before `@`, where there is one.
    package let credentials: Redacted<String>?
    /// The part after `?`, where there is one: it may hold a password too.
    package let query: Redacted<String>?

    /// Whether the connection is meant to be encrypted.
    package var isSecure: Bool { scheme == "https" || scheme == "rediss" }

    /// The URL without credentials and query.
    package var description: String { "\(scheme)://\(host):\(port)\(path)" }

    /// Reads an absolute URL of one of the schemes.
    package init(_ text: String, schemes: [String]) throws(SettingFault) {
        guard text.utf8.count <= 2_048 else { throw SettingFault("longer than 2048 bytes") }
        guard text.utf8.allSatisfy(ASCII.isVisible) else {
            throw SettingFault("not a URL: it holds a blank, or a character outside of ASCII")
        }
        let halves = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count == 3, halves[1].isEmpty, halves[0].hasSuffix(":") else {
            throw SettingFault("not a URL with a scheme")
        }
        scheme = halves[0].dropLast().lowercased()
        guard schemes.contains(scheme) else { throw SettingFault("not a URL of this kind") }
        guard !text.utf8.contains(UInt8(ascii: "#")) else { throw SettingFault("a fragment (#) has no use here") }

        let parts = halves[2].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        query = parts.count == 2 ? Redacted(String(parts[1])) : nil
        let location = parts.first ?? ""
        let authorityEnd = location.firstIndex(of: "/") ?? location.endIndex
        var authority = location[..<authorityEnd]
        if let at = authority.lastIndex(of: "@") {
            credentials = Redacted(String(authority[..<at]))
            authority = authority[authority.index(after: at)...]
        } else {
            credentials = nil
        }
        guard let place = HostAndPort(authority), authority.hasPrefix("[") || !place.host.text.contains(":") else {
            throw SettingFault("the host or port in it is not valid")
        }
        host = place.host
        port = place.port ?? Self.usualPort(scheme)
        var path = location[authorityEnd...]
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }

    private static func usualPort(_ scheme: String) -> Int {
        switch scheme {
        case "https": 443
        case "redis", "rediss": 6_379
        case "postgres", "postgresql", "postgresql+psycopg": 5_432
        default: 80
        }
    }

    /// A text that was meant as a URL, without what may be secret in it: all between the scheme and the last `@`, and
    /// all after `?` or `#`.
    static func withoutSecrets(_ text: String) -> String {
        var shown = text
        if let at = text.lastIndex(of: "@") {
            let colon = text.firstIndex(of: ":") ?? text.startIndex
            let scheme = text[colon...].hasPrefix("://") ? text[..<colon] + "://" : ""
            shown = scheme + "[redacted]" + text[at...]
        }
        guard let mark = shown.firstIndex(where: { $0 == "?" || $0 == "#" }) else { return shown }
        return shown[...mark] + "[redacted]"
    }
}

extension SettingType where Value == ServiceURL {
    /// The base URL of an HTTP service: no credentials and no query.
    static var httpURL: SettingType<ServiceURL> {
        url(["http", "https"], example: "http://127.0.0.1:11434", isBase: true)
    }

    /// A URL of one of the schemes, which may hold credentials.
    static func url(_ schemes: [String], example: String) -> SettingType<ServiceURL> {
        url(schemes, example: example, isBase: false)
    }

    private static func url(_ schemes: [String], example: String, isBase: Bool) -> SettingType<ServiceURL> {
        SettingType(
            "url",
            allowed: "a URL that starts with " + schemes.map { "\($0)://" }.joined(separator: " or ")
                + ", such as \(example)",
            canonical: { url in
                [url.credentials?.exposed, url.description, url.query?.exposed].map { $0 ?? "" }.joined(separator: " ")
            },
            shown: ServiceURL.withoutSecrets,
            parse: { (text: String) throws(SettingFault) -> ServiceURL in
                let url = try ServiceURL(text, schemes: schemes)
                guard !isBase || (url.credentials == nil && url.query == nil) else {
                    throw SettingFault("a base URL has no user name, password or query")
                }
                return url
            }
        )
    }
}
