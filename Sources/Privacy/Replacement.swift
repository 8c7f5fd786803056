/// What stands in the place of a finding.
package enum Replacement: String, Sendable, CaseIterable {
    /// `[REDACTED]`
    case plain
    /// `[REDACTED:email]`
    case typed

    func bytes(for id: String) -> [UInt8] {
        switch self {
        case .plain: Array("[REDACTED]".utf8)
        case .typed: Array("[REDACTED:\(id)]".utf8)
        }
    }
}
