import OrchCore

/// Builds scanners that look for many literals at once.
///
/// The port behind which the portable engine and Hyperscan stand. An engine only proposes: it says where literals
/// stand. What is a finding is decided by one exact step that all engines share, so that all of them find the same.
package protocol ScanEngine: Sendable {
    /// The engine's name, for reports: `portable`, `hyperscan`.
    var name: String { get }
    /// Builds a scanner.
    ///
    /// - Parameter literals: ASCII in lower case, none empty, no two alike.
    func scanner(for literals: [[UInt8]]) throws(ScanEngineError) -> any LiteralScanner
}

/// Finds every place of every literal, whatever the case of its letters.
package protocol LiteralScanner: Sendable {
    /// Adds all hits in the bytes to the list, ordered by their ends, and by literal where the ends are alike.
    func scan(_ bytes: UnsafeRawBufferPointer, into hits: inout [LiteralHit])
}

/// A literal's place in a text.
package struct LiteralHit: Sendable, Equatable {
    /// The literal's place in the list that the scanner was made of.
    package var literal: UInt32
    /// The offset behind its last byte. 32 bits: a scan takes windows of less than 4 GiB.
    package var end: UInt32

    package init(literal: UInt32, end: UInt32) {
        self.literal = literal
        self.end = end
    }
}

/// An engine that cannot work.
package struct ScanEngineError: CodedError, Equatable {
    package let message: String
    package var codeName: String { "scan_engine_unavailable" }

    package init(message: String) {
        self.message = message
    }
}
