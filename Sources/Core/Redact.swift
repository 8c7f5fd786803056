/// Takes secrets and personal data out of a text; gives it back as it is where it holds none.
///
/// The one port by which modules that keep or show texts reach the scrubber, which they do not know.
package typealias Redact = @Sendable (_ text: String) -> String
