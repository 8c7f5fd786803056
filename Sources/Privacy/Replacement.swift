/// What stands in the place of a finding.
package enum Replacement: String, Sendable, CaseIterable {
    /// `[REDACTED]`
    case plain
    /// `[REDACTED:email]`
    case typed

    func append(_ id: String, to text: inout [UInt8]) {
        text.append(contentsOf: "[REDACTED".utf8)
        if self == .typed {
            text.append(UInt8(ascii: ":"))
            text.append(contentsOf: id.utf8)
        }
        text.append(UInt8(ascii: "]"))
    }
}
