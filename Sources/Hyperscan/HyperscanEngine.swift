import CHyperscan
import OrchCore
package import OrchPrivacy

/// The scan engine over Hyperscan or Vectorscan, whichever the system has installed.
package struct HyperscanEngine: ScanEngine {
    package let name = "hyperscan"

    /// Nil where the system has neither, or the processor is too old for it: then the portable engine is the one.
    package init?() {
        guard chs_load() != nil else { return nil }
    }

    /// The library's version, as it names itself.
    package var version: String { chs_load().map { String(cString: chs_version($0)) } ?? "" }

    package func scanner(for literals: [[UInt8]]) throws(ScanEngineError) -> any LiteralScanner {
        guard let library = chs_load() else { throw ScanEngineError(message: "hyperscan is not there") }
        return try HyperscanScanner(library: library, literals: literals)
    }
}
