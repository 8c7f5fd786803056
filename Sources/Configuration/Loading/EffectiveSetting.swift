package import OrchCore

/// A setting with the text that holds for it, and where that comes from.
package struct EffectiveSetting: Sendable {
    /// The row of the reference.
    package let entry: SettingEntry
    /// The text; kept from sight, since some texts are secrets and some URLs hold one.
    package let text: Redacted<String>
    /// Where the text comes from.
    package let source: SettingSource

    /// The text as it may be shown.
    package var shown: String { entry.shown(text.exposed) }
}
