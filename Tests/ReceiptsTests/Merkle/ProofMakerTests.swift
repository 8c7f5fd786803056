import OrchCore
import OrchReceipts
import Testing

@Suite("The maker of proofs")
struct ProofMakerTests {
    struct Fault: Error {}

    @Test("Asks for tiles that a tree of its size has, with the width that they have in it, and once each")
    func asks() throws {
        for size in [1, 255, 256, 257, 65_536, 65_537, 70_000] {
            var asked: [MemoryLog.Place: Int] = [:]
            var maker = ProofMaker(treeSize: size) { level, index, width in
                asked[MemoryLog.Place(level: level, index: index), default: 0] += 1
                #expect(width > 0 && width == Tile.hashes(level: level, index: index, treeSize: size))
                return MemoryLog.large.tile(level, index, width)
            }
            for index in Samples.places(below: size, 0, seed: 0) { _ = try maker.inclusion(of: index) }
            #expect(asked.values.allSatisfy { $0 == 1 }, "\(size)")
        }
    }

    @Test("Reads a few tiles for a proof, however large the tree")
    func reads() throws {
        for index in Samples.places(below: 70_000, 20, seed: 3) {
            var count = 0
            var maker = ProofMaker(treeSize: 70_000) { level, index, width in
                count += 1
                return MemoryLog.large.tile(level, index, width)
            }
            _ = try maker.inclusion(of: index)
            #expect(count <= 6, "\(index)")
        }
    }

    @Test("Throws where a tile is cut, and where it cannot be read")
    func cut() throws {
        var cut = ProofMaker(treeSize: 300) { Array(MemoryLog.large.tile($0, $1, $2).dropLast()) }
        let error = #expect(throws: ReceiptError.self) { try cut.inclusion(of: 3) }
        #expect(error?.code == .unreadable)
        var unreadable = ProofMaker(treeSize: 300) { _, _, _ in throw Fault() }
        #expect(throws: Fault.self) { try unreadable.consistency(from: 3) }
    }

    @Test("Knows the roots and the leaves of its tree")
    func nodes() throws {
        var empty = ProofMaker(treeSize: 0) { _, _, _ in throw Fault() }
        #expect(try empty.root() == .emptyRoot)
        var naive = NaiveTree(MemoryLog.large.leaves)
        for size in Samples.largeSizes {
            var maker = MemoryLog.large.proofs(size: size)
            #expect(maker.treeSize == size)
            #expect(try maker.root() == naive.root(size: size))
            #expect(try maker.leaf(at: size - 1) == MemoryLog.large.leaves[size - 1])
        }
    }

    @Test("Stops the program where it is asked for what its tree does not have")
    func preconditions() async {
        await #expect(processExitsWith: .failure) {
            var maker = ProofMaker(treeSize: 3) { _, _, _ in [] }
            _ = try maker.inclusion(of: 3)
        }
        await #expect(processExitsWith: .failure) {
            var maker = ProofMaker(treeSize: 3) { _, _, _ in [] }
            _ = try maker.consistency(from: 0)
        }
        await #expect(processExitsWith: .failure) {
            var maker = ProofMaker(treeSize: 3) { _, _, _ in [] }
            _ = try maker.consistency(from: 4)
        }
    }
}
