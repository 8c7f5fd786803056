/// A compiled regular expression whose matching time is linear in the text.
///
/// Offsets are UTF-8 byte offsets into the text.
package protocol Pattern: Sendable {
    /// The expression as it was written.
    var source: String { get }
    /// Whether the expression matches anywhere in the text.
    func matches(_ text: String) -> Bool
    /// The leftmost match, with the named groups that took part in it.
    func firstMatch(in text: String) -> PatternMatch?
}

/// Where a pattern matched, in UTF-8 byte offsets.
package struct PatternMatch: Sendable, Equatable {
    package var range: Range<Int>
    package var groups: [String: Range<Int>]

    package init(range: Range<Int>, groups: [String: Range<Int>] = [:]) {
        self.range = range
        self.groups = groups
    }
}

/// Compiles expressions; the one engine behind it is RE2.
package protocol PatternCompiler: Sendable {
    func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> any Pattern
}

/// An expression that does not compile.
package struct PatternError: CodedError, Equatable {
    package let message: String
    package var codeName: String { "invalid_pattern" }

    package init(message: String) {
        self.message = message
    }
}
