/// The bounds of a configuration file.
package enum PolicyFileLimits {
    package static let maximumBytes = 1024 * 1024
    /// Counted with every alias spelled out.
    package static let maximumNodes = 20_000
    package static let maximumDepth = 32
    /// Uses of anchors in one file. Sixteen can multiply a node by a few hundred at most.
    package static let maximumAliases = 16
    /// Bytes of YAML that may stand between two nodes. The parser makes all nodes before they can be counted.
    package static let maximumSeparators = 1_500_000
    /// Files of one directory.
    package static let maximumFiles = 256
}

/// How much a file of one kind may hold.
package struct PolicyFileSize: Sendable, Hashable {
    package let bytes: Int
    /// Of YAML, counted with every alias spelled out.
    package let nodes: Int

    /// What most kinds may.
    package static let usual = PolicyFileSize(
        bytes: PolicyFileLimits.maximumBytes, nodes: PolicyFileLimits.maximumNodes)
    /// Intents have many examples each.
    package static let intents = PolicyFileSize(bytes: 16 * 1024 * 1024, nodes: 200_000)
}
