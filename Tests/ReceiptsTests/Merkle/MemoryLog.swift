import OrchCore
import OrchReceipts
import OrchTestSupport

/// A log in memory: a tree, and the tiles that it has given off, stored as a database would.
struct MemoryLog {
    struct Place: Hashable {
        var level: Int
        var index: Int
    }

    private(set) var tree = MerkleTree()
    private(set) var leaves: [MerkleHash] = []
    private(set) var tiles: [Place: [MerkleHash]] = [:]

    init() {}

    /// Leaves with the bytes that ``leaf(_:)`` gives them.
    init(size: Int) {
        for index in 0..<size { append(.leaf(Self.leaf(index))) }
        store()
    }

    /// Some bytes, others for each number.
    static func leaf(_ index: Int) -> [UInt8] { Array("leaf \(index)".utf8) }

    mutating func append(_ leaf: MerkleHash) {
        tree.append(leaf)
        leaves.append(leaf)
    }

    /// Stores what must be stored, and answers it.
    @discardableResult
    mutating func store() -> [Tile] {
        let taken = tree.takeTiles()
        for tile in taken { tiles[Place(level: tile.level, index: tile.index)] = tile.hashes }
        return taken
    }

    /// The first hashes of a tile; fewer, where fewer are there. Those of the lowest level that is not full are the
    /// tree's own.
    func tile(_ level: Int, _ index: Int, _ width: Int) -> [MerkleHash] {
        if let stored = tiles[Place(level: level, index: index)] { return Array(stored.prefix(width)) }
        return level == 0 && index == leaves.count / Tile.width ? Array(tree.edge.prefix(width)) : []
    }

    /// Makes proofs about the tree as it was at a size.
    func proofs(size: Int) -> ProofMaker {
        ProofMaker(treeSize: size) { tile($0, $1, $2) }
    }

    /// The unfinished tiles, from which the tree can be taken up.
    var edges: [[MerkleHash]] {
        (0..<Tile.levels(treeSize: tree.size)).map { level in
            tile(level, tree.size >> (8 * (level + 1)), Tile.edgeWidth(level: level, treeSize: tree.size))
        }
    }

    /// One for all tests, since it takes a second to make.
    static let large = MemoryLog(size: 100_000)
}

/// Sizes and places where trees change their shape.
enum Samples {
    static let largeSizes = [
        255, 256, 257, 511, 512, 1000, 4095, 4097, 65_279, 65_280, 65_535, 65_536, 65_537, 65_792, 65_793, 69_999,
        70_000,
    ]

    /// Places in a range: its ends, those beside powers of two, and some others.
    static func places(below size: Int, _ count: Int, seed: UInt64) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        let fixed = [0, 1, 127, 255, 256, 257, 32_767, 65_535, 65_536, size / 2, size - 2, size - 1]
        let others = (0..<count).map { _ in Int.random(in: 0..<size, using: &generator) }
        return Array(Set(fixed + others).filter { (0..<size).contains($0) }.sorted())
    }
}

extension MerkleHash {
    /// The same hash but for one bit.
    func flipping(bit: Int) -> MerkleHash {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return MerkleHash(bytes) ?? self
    }
}
