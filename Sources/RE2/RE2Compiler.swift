package import OrchCore

/// Compiles expressions with RE2: Perl syntax without look-around and back references, over UTF-8.
///
/// `\b`, `\d`, `\s` and `\w` know ASCII only, as in RE2 itself; Unicode classes are written `\p{…}`.
package struct RE2Compiler: PatternCompiler {
    /// The longest expression that is compiled, in UTF-8 bytes.
    package static let maximumSourceBytes = 32 * 1024
    /// The memory of one expression's program and automaton caches together, in bytes.
    package static let memoryBudgetBytes = 8 * 1024 * 1024

    package init() {}

    package func compile(_ source: String, caseInsensitive: Bool) throws(PatternError) -> any Pattern {
        try RE2Pattern(source, caseInsensitive: caseInsensitive)
    }
}
