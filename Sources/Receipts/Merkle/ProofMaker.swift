/// Makes proofs about a tree from its stored tiles.
///
/// Reads a few tiles for each level of tiles, whatever the size of the tree, and keeps those it has read.
package struct ProofMaker {
    /// Reads the first hashes of a tile.
    package typealias ReadTile = (_ level: Int, _ index: Int, _ width: Int) throws -> [MerkleHash]

    package let treeSize: Int
    private let read: ReadTile
    private var tiles: [Key: [MerkleHash]] = [:]

    private struct Key: Hashable {
        let level: Int
        let index: Int
    }

    /// - Parameter read: Called for tiles that a tree of this size has, with the width that they have in it.
    package init(treeSize: Int, read: @escaping ReadTile) {
        self.treeSize = treeSize
        self.read = read
    }

    package mutating func root() throws -> MerkleHash { try root(of: 0..<treeSize) }

    /// The hash of a leaf of the tree.
    package mutating func leaf(at index: Int) throws -> MerkleHash { try root(of: index..<index + 1) }

    /// The inclusion proof of a leaf of the tree (RFC 6962 section 2.1.1).
    package mutating func inclusion(of index: Int) throws -> [MerkleHash] {
        precondition(index >= 0 && index < treeSize)
        var proof: [MerkleHash] = []
        var range = 0..<treeSize
        while range.count > 1 {
            let middle = Self.middle(of: range)
            if index < middle {
                proof.append(try root(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                proof.append(try root(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        return proof.reversed()
    }

    /// The consistency proof from a smaller tree to this one (RFC 6962 section 2.1.2).
    package mutating func consistency(from first: Int) throws -> [MerkleHash] {
        precondition(first > 0 && first <= treeSize)
        var proof: [MerkleHash] = []
        var range = 0..<treeSize
        while first != range.upperBound {
            let middle = Self.middle(of: range)
            if first <= middle {
                proof.append(try root(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                proof.append(try root(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        // The first tree itself is known to who asks.
        if range.lowerBound > 0 { proof.append(try root(of: range)) }
        return proof.reversed()
    }

    // MARK: Nodes

    /// Where a range splits: its left part is the largest power of two under its length.
    private static func middle(of range: Range<Int>) -> Int {
        range.lowerBound + 1 << (Int.bitWidth - 1 - (range.count - 1).leadingZeroBitCount)
    }

    private mutating func root(of range: Range<Int>) throws -> MerkleHash {
        guard !range.isEmpty else { return .emptyRoot }
        guard range.count & (range.count - 1) == 0 else {
            let middle = Self.middle(of: range)
            return .node(try root(of: range.lowerBound..<middle), try root(of: middle..<range.upperBound))
        }
        let level = range.count.trailingZeroBitCount
        let tileLevel = level / Tile.height
        // What lies above a tile's hashes within the tile is computed from them.
        let first = range.lowerBound >> (tileLevel * Tile.height)
        let count = 1 << (level % Tile.height)
        let hashes = try tile(Key(level: tileLevel, index: first / Tile.width))
        return Tile.root(of: hashes[first % Tile.width..<first % Tile.width + count])
    }

    private mutating func tile(_ key: Key) throws -> [MerkleHash] {
        if let known = tiles[key] { return known }
        let width = Tile.hashes(level: key.level, index: key.index, treeSize: treeSize)
        let hashes = try read(key.level, key.index, width)
        guard hashes.count == width else { throw ReceiptError(.unreadable, "a tile of the log is not whole") }
        tiles[key] = hashes
        return hashes
    }
}
