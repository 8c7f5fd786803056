/// Something on the wrong side of the boundary.
package struct BoundaryViolation: Sendable, Equatable, Comparable {
    /// The check that found it: a forbidden pattern's id, or `runtime-state`, `database`, `model-file`, `env-file`,
    /// `ignore-rule`.
    package var check: String
    package var path: String
    /// From 1; nil where the file as a whole is meant.
    package var line: Int?
    package var reason: String

    package init(check: String, path: String, line: Int? = nil, reason: String) {
        self.check = check
        self.path = path
        self.line = line
        self.reason = reason
    }

    package static func < (one: BoundaryViolation, other: BoundaryViolation) -> Bool {
        (one.path, one.line ?? 0, one.check) < (other.path, other.line ?? 0, other.check)
    }
}
