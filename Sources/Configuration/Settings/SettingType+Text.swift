import OrchCore

extension SettingType where Value == String {
    /// One line of text.
    static var text: SettingType<String> {
        SettingType(
            "text",
            allowed: "one line of text, at most 1024 bytes",
            isTextual: true,
            canonical: { $0 },
            parse: { (text: String) throws(SettingFault) -> String in try line(text, limit: 1_024) }
        )
    }

    /// The name of a log, which is also its key's (C2SP signed-note). `<host>` in it stands for the machine's name.
    static var logName: SettingType<String> {
        SettingType(
            "text",
            allowed: "a name without spaces and without +, such as example.com/receipts",
            isTextual: true,
            canonical: { $0 },
            parse: { (text: String) throws(SettingFault) -> String in
                guard !text.isEmpty else { throw SettingFault("empty") }
                guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0 == "+" }) else {
                    throw SettingFault("holds a space or a +")
                }
                return try line(text, limit: 255)
            }
        )
    }

    /// A path of a file or directory, relative to the working directory or absolute.
    static var path: SettingType<String> {
        SettingType(
            "path",
            allowed: "a path, relative to the working directory or absolute",
            canonical: { $0 },
            parse: { (text: String) throws(SettingFault) -> String in
                guard !text.isEmpty else { throw SettingFault("empty") }
                guard !text.hasPrefix("~") else { throw SettingFault("~ is not expanded: write the whole path") }
                return try line(text, limit: 4_096)
            }
        )
    }

    @Sendable
    private static func line(_ text: String, limit: Int) throws(SettingFault) -> String {
        guard text.utf8.count <= limit else { throw SettingFault("longer than \(limit) bytes") }
        guard !text.hasControlCharacters else { throw SettingFault("holds a control character") }
        return text
    }
}

extension SettingType where Value == HostName {
    /// A name or address to listen on.
    static var host: SettingType<HostName> {
        SettingType(
            "host",
            allowed: "an IPv4 or IPv6 address, or a host name",
            canonical: { $0.text },
            parse: { (text: String) throws(SettingFault) -> HostName in
                guard let host = HostName(text) else { throw SettingFault("not a host") }
                return host
            }
        )
    }
}

extension SettingType where Value: CaseIterable & RawRepresentable<String> {
    /// One of the words of an enumeration, in any case.
    static var choice: SettingType<Value> {
        words(name: Value.allCases.map(\.rawValue).joined(separator: "|"))
    }

    fileprivate static func words(name: String) -> SettingType<Value> {
        let words = Value.allCases.map(\.rawValue)
        return SettingType(
            name,
            allowed: words.dropLast().joined(separator: ", ") + " or " + (words.last ?? ""),
            canonical: { $0.rawValue },
            parse: { (text: String) throws(SettingFault) -> Value in
                guard let value = Value(rawValue: text.lowercased()) else {
                    throw SettingFault("not one of the known words")
                }
                return value
            }
        )
    }
}

extension SettingType where Value == LogLevel {
    /// How much is logged.
    static var level: SettingType<LogLevel> { words(name: "level") }
}

extension SettingType where Value == Redacted<String> {
    /// A secret that is sent to somebody else, such as an API key.
    static var secret: SettingType<Redacted<String>> {
        SettingType(
            "secret",
            allowed: "visible ASCII characters without blanks, at most 4096",
            isSecret: true,
            isTextual: true,
            canonical: { $0.exposed },
            parse: { (text: String) throws(SettingFault) -> Redacted<String> in
                guard text.utf8.count <= 4_096 else { throw SettingFault("longer than 4096 bytes") }
                guard text.utf8.allSatisfy(ASCII.isVisible) else {
                    throw SettingFault("holds a blank, a control character, or one outside of ASCII")
                }
                return Redacted(text)
            }
        )
    }
}
