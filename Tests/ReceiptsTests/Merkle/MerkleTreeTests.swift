import OrchCore
import OrchReceipts
import Testing

@Suite("The growing tree")
struct MerkleTreeTests {
    static let hashes = (0..<600).map { MerkleHash.leaf(MemoryLog.leaf($0)) }

    @Test("Has the roots of the RFC's definition, at every size to 600, and when it is taken up at any of them")
    func everySize() throws {
        var naive = NaiveTree(Self.hashes)
        var log = MemoryLog()
        var faults: [String] = []
        for size in 0...600 {
            if log.tree.size != size || log.tree.root != naive.root(size: size) { faults.append("\(size)") }
            let resumed = MerkleTree(size: size, edges: log.edges)
            if resumed?.root != log.tree.root || resumed?.edge != log.tree.edge { faults.append("\(size), resumed") }
            guard size < 600 else { break }
            log.append(Self.hashes[size])
            log.store()
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Has them around the size where a third level of tiles begins")
    func large() throws {
        var naive = NaiveTree(MemoryLog.large.leaves)
        var faults: [String] = []
        var log = MemoryLog()
        for (index, leaf) in MemoryLog.large.leaves[..<65_800].enumerated() {
            log.append(leaf)
            let size = index + 1
            guard (65_530...65_540).contains(size) || Samples.largeSizes.contains(size) else { continue }
            log.store()
            if log.tree.root != naive.root(size: size) { faults.append("\(size)") }
            let resumed = try #require(MerkleTree(size: size, edges: log.edges))
            if resumed.root != log.tree.root { faults.append("\(size), resumed") }
        }
        #expect(faults.isEmpty, "\(faults)")
        #expect(MemoryLog.large.tree.root == naive.root(size: 100_000))
    }

    @Test("Goes on from where it was taken up as if it had never stopped", arguments: [0, 1, 200, 255, 256, 257, 511])
    func resumed(_ size: Int) throws {
        var whole = MemoryLog()
        for hash in Self.hashes[..<size] { whole.append(hash) }
        whole.store()
        var tree = try #require(MerkleTree(size: size, edges: whole.edges))
        for hash in Self.hashes[size...] {
            whole.append(hash)
            tree.append(hash)
            #expect(tree.root == whole.tree.root)
            #expect(tree.takeTiles() == whole.store())
        }
    }

    @Test("Is not taken up from edges of another size")
    func refusesEdges() throws {
        let log = MemoryLog(size: 513)
        let edges = log.edges
        #expect(edges.map(\.count) == [1, 2])
        #expect(MerkleTree(size: 513, edges: edges) != nil)
        for size in [-1, 0, 1, 256, 512, 514, 513 + 65_536, .max] {
            #expect(MerkleTree(size: size, edges: edges) == nil, "\(size)")
        }
        #expect(MerkleTree(size: 513, edges: []) == nil)
        #expect(MerkleTree(size: 513, edges: [edges[0]]) == nil)
        #expect(MerkleTree(size: 513, edges: [[], edges[1]]) == nil)
        #expect(MerkleTree(size: 513, edges: edges + [[.emptyRoot]]) == nil)
        #expect(MerkleTree(size: 513, edges: edges + [[]])?.root == log.tree.root)
        #expect(MerkleTree(size: 0, edges: [])?.root == .emptyRoot)
        #expect(MerkleTree(size: 0, edges: [[.emptyRoot]]) == nil)
    }

    @Test("Gives off every tile once when it is full, and those above the lowest level whenever they have grown")
    func tiles() {
        var tree = MerkleTree()
        for hash in Self.hashes[..<255] { tree.append(hash) }
        #expect(tree.takeTiles().isEmpty)
        tree.append(Self.hashes[255])
        var naive = NaiveTree(Self.hashes)
        #expect(
            tree.takeTiles() == [
                Tile(level: 0, index: 0, hashes: Array(Self.hashes[..<256])),
                Tile(level: 1, index: 0, hashes: [naive.root(0..<256)]),
            ])
        #expect(tree.takeTiles().isEmpty && tree.edge.isEmpty)
        for hash in Self.hashes[256...] { tree.append(hash) }
        #expect(tree.edge == Array(Self.hashes[512...]))
        #expect(
            tree.takeTiles() == [
                Tile(level: 0, index: 1, hashes: Array(Self.hashes[256..<512])),
                Tile(level: 1, index: 0, hashes: [naive.root(0..<256), naive.root(256..<512)]),
            ])
        #expect(tree.takeTiles().isEmpty)
    }

    @Test("Gives off the tiles that C2SP tlog-tiles counts, with the hashes that it defines")
    func allTiles() {
        let log = MemoryLog.large
        var naive = NaiveTree(log.leaves)
        let size = log.leaves.count
        var faults: [String] = []
        for (place, hashes) in log.tiles {
            let span = 1 << (8 * place.level)
            let wanted = (0..<Tile.hashes(level: place.level, index: place.index, treeSize: size)).map { number in
                let first = (place.index * Tile.width + number) * span
                return naive.root(first..<first + span)
            }
            if hashes != wanted { faults.append("\(place)") }
        }
        #expect(faults.isEmpty, "\(faults)")
        let counts = (0...3).map { level in log.tiles.keys.count { $0.level == level } }
        #expect(counts == [390, 2, 1, 0])
    }

    @Test("Gives off full tiles of a level above at once, when a whole tile's leaves came since the last call")
    func manyAtOnce() {
        var log = MemoryLog()
        for leaf in MemoryLog.large.leaves[..<65_536] { log.append(leaf) }
        let tiles = log.store()
        #expect(tiles.filter(\.isFull).count == 257)
        #expect(tiles.filter { !$0.isFull }.map { [$0.level, $0.index, $0.hashes.count] } == [[2, 0, 1]])
        #expect(log.tile(2, 0, 1) == [log.tree.root])
    }
}
