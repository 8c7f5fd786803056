/// One flag of the program: its name, how its text is read, and what the reference says about it.
///
/// The type parameter makes a look-up give a value of the right type; `SettingEntry` is the same without it.
package struct Setting<Value: Sendable>: Sendable {
    /// How a text becomes a value.
    package let type: SettingType<Value>
    /// What does not depend on the value's type.
    package let entry: SettingEntry

    init(
        _ name: String,
        _ type: SettingType<Value>,
        default standard: SettingDefault,
        _ area: SettingArea,
        _ meaning: String,
        status: SettingStatus = .used
    ) {
        self.type = type
        entry = SettingEntry(
            name: name,
            typeName: type.name,
            allowed: type.allowed,
            isSecret: type.isSecret,
            keepsEmptyText: type.isTextual && standard.documented.isEmpty,
            standard: standard,
            area: area,
            meaning: meaning,
            status: status,
            shown: type.shown,
            canonical: { (text: String) throws(SettingFault) -> String in type.canonical(try type.parse(text)) }
        )
    }
}

/// What this version does with a setting.
package enum SettingStatus: Sendable, Hashable {
    /// It has an effect.
    case used
    /// It is known, and has none yet. Where somebody would rely on it, setting it stops the start.
    case planned(refuseUnlessDefault: Bool)
}

/// A setting without its type: a row of the reference.
package struct SettingEntry: Sendable {
    /// The name in the environment, such as `ORCH_PORT`.
    package let name: String
    /// The name of the type, such as `port`.
    package let typeName: String
    /// What may stand there.
    package let allowed: String
    /// Whether the value is never shown.
    package let isSecret: Bool
    /// Whether an empty text in the environment or in .env is a value; it counts as unset everywhere else.
    package let keepsEmptyText: Bool
    /// What holds when nothing is set.
    package let standard: SettingDefault
    /// The part of the program that the setting belongs to.
    package let area: SettingArea
    /// One line for the reference.
    package let meaning: String
    /// What this version does with it.
    package let status: SettingStatus
    /// The text as it may be shown.
    package let shown: @Sendable (String) -> String
    /// The one spelling of a text's value; throws when the text has none.
    package let canonical: @Sendable (String) throws(SettingFault) -> String
}
