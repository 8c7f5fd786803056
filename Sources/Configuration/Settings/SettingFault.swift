/// What is wrong with the text of one value. It never repeats the text, so it is safe for secrets.
package struct SettingFault: Error, Sendable, Hashable {
    /// A phrase such as `not a whole number`.
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}
