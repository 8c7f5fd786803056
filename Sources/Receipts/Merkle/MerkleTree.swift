/// A growing Merkle tree of RFC 6962, of which only the right edge is held: memory does not grow with the log.
///
/// Hashes of finished subtrees leave as ``Tile``s, 256 of one level at a time.
package struct MerkleTree: Sendable {
    package private(set) var size = 0
    /// The roots of the perfect subtrees that make up the tree, the largest first: one for each bit of the size.
    private var peaks: [MerkleHash] = []
    /// Of each tile level, the hashes of the tile that is not full.
    private var edges: [[MerkleHash]] = [[]]
    /// Which of them, above the lowest level, have grown since ``takeTiles()``.
    private var grown: Set<Int> = []
    private var full: [Tile] = []

    package init() {}

    /// Takes up a tree where it was left.
    ///
    /// - Parameter edges: Of each tile level, the hashes of the tile that is not full.
    /// - Returns: nil where the edges do not belong to a tree of this size.
    package init?(size: Int, edges: [[MerkleHash]]) {
        guard size >= 0, edges.indices.allSatisfy({ edges[$0].count == Tile.edgeWidth(level: $0, treeSize: size) }),
            edges.count >= Tile.levels(treeSize: size)
        else { return nil }
        self.size = size
        self.edges = edges.isEmpty ? [[]] : edges
        for level in edges.indices.reversed() {
            var rest = edges[level][...]
            while !rest.isEmpty {
                let width = 1 << (Int.bitWidth - 1 - rest.count.leadingZeroBitCount)
                peaks.append(Tile.root(of: rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
        }
    }

    /// The tree's root (RFC 6962 section 2.1).
    package var root: MerkleHash {
        guard var root = peaks.last else { return .emptyRoot }
        for peak in peaks.dropLast().reversed() { root = .node(peak, root) }
        return root
    }

    /// The hashes of the leaves that are in no full tile.
    package var edge: [MerkleHash] { edges[0] }

    /// The tiles above the lowest level that are not full.
    package var unfinishedTiles: [Tile] { edges.indices.dropFirst().compactMap(unfinishedTile) }

    private func unfinishedTile(_ level: Int) -> Tile? {
        edges[level].isEmpty
            ? nil : Tile(level: level, index: size >> (Tile.height * (level + 1)), hashes: edges[level])
    }

    package mutating func append(_ leaf: MerkleHash) {
        var hash = leaf
        var index = size
        var level = 0
        note(hash, tileLevel: 0)
        while !index.isMultiple(of: 2) {
            hash = .node(peaks.removeLast(), hash)
            index /= 2
            level += 1
            if level.isMultiple(of: Tile.height) { note(hash, tileLevel: level / Tile.height) }
        }
        peaks.append(hash)
        size += 1
    }

    private mutating func note(_ hash: MerkleHash, tileLevel level: Int) {
        if level == edges.count { edges.append([]) }
        edges[level].append(hash)
        if level > 0 { grown.insert(level) }
        guard edges[level].count == Tile.width else { return }
        // The leaf, or the subtree, that completes the tile is the last one counted so far.
        let index = size >> (Tile.height * (level + 1))
        full.append(Tile(level: level, index: index, hashes: edges[level]))
        edges[level] = []
        grown.remove(level)
    }

    /// The tiles that must be stored since the last call: those that became full, and above the lowest level those that
    /// have grown.
    package mutating func takeTiles() -> [Tile] {
        defer {
            full = []
            grown = []
        }
        return full + grown.sorted().compactMap(unfinishedTile)
    }
}
