/// How the text of a setting becomes a value: one name for people, one parser, one canonical spelling.
package struct SettingType<Value: Sendable>: Sendable {
    /// The name that the reference uses, such as `int` or `secret list`.
    package let name: String
    /// What may stand there, as the end of the sentence "allowed: …".
    package let allowed: String
    /// Whether the text may appear nowhere but in the value itself.
    package let isSecret: Bool
    /// Whether the empty text is a value of its own (text, lists and secrets), not an unset one.
    package let isTextual: Bool
    /// Reads a text from which surrounding blanks have been removed.
    package let parse: @Sendable (String) throws(SettingFault) -> Value
    /// The one spelling of a value: two texts mean the same when these are equal.
    package let canonical: @Sendable (Value) -> String
    /// The text as it may be shown, without credentials.
    package let shown: @Sendable (String) -> String

    init(
        _ name: String,
        allowed: String,
        isSecret: Bool = false,
        isTextual: Bool = false,
        canonical: @escaping @Sendable (Value) -> String,
        shown: (@Sendable (String) -> String)? = nil,
        parse: @escaping @Sendable (String) throws(SettingFault) -> Value
    ) {
        self.name = name
        self.allowed = allowed
        self.isSecret = isSecret
        self.isTextual = isTextual
        self.parse = parse
        self.canonical = canonical
        self.shown = shown ?? { isSecret && !$0.isEmpty ? "[redacted]" : $0 }
    }

    /// The same type, where the empty text means that nothing is set.
    static func optional<Wrapped: Sendable>(_ type: SettingType<Wrapped>) -> SettingType<Wrapped?>
    where Value == Wrapped? {
        SettingType<Wrapped?>(
            type.name,
            allowed: type.allowed + "; or empty",
            isSecret: type.isSecret,
            isTextual: type.isTextual,
            canonical: { value in value.map(type.canonical) ?? "" },
            shown: type.shown,
            parse: { (text: String) throws(SettingFault) -> Wrapped? in
                if text.isEmpty { return nil }
                return try type.parse(text)
            }
        )
    }
}

extension SettingType {
    /// The same type with one more condition on the value.
    func refusing(_ reason: String, unless holds: @escaping @Sendable (Value) -> Bool) -> SettingType {
        let type = self
        return SettingType(
            name,
            allowed: allowed,
            isSecret: isSecret,
            isTextual: isTextual,
            canonical: canonical,
            shown: shown,
            parse: { (text: String) throws(SettingFault) -> Value in
                let value = try type.parse(text)
                guard holds(value) else { throw SettingFault(reason) }
                return value
            }
        )
    }
}
