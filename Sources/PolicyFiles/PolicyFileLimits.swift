/// The bounds of a configuration file.
package enum PolicyFileLimits {
    package static let maximumBytes = 1024 * 1024
    /// Counted with every alias spelled out.
    package static let maximumNodes = 20_000
    package static let maximumDepth = 32
    /// Uses of anchors in one file. Sixteen can multiply a node by a few hundred at most.
    package static let maximumAliases = 16
    /// Files of one directory.
    package static let maximumFiles = 256
}
