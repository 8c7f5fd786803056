import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@Suite("Proofs")
struct MerkleProofTests {
    static let small = MemoryLog(size: 70)

    // MARK: Inclusion

    @Test("Of inclusion are the RFC's and hold, for every leaf of every tree to 70")
    func everyInclusion() throws {
        var naive = NaiveTree(Self.small.leaves)
        var faults: [String] = []
        for size in 1...70 {
            var maker = Self.small.proofs(size: size)
            let root = naive.root(size: size)
            #expect(try maker.root() == root)
            for index in 0..<size {
                let proof = try maker.inclusion(of: index)
                let leaf = try maker.leaf(at: index)
                if proof != naive.path(index, 0..<size)
                    || !MerkleProof.verifyInclusion(of: leaf, at: index, treeSize: size, root: root, proof: proof)
                {
                    faults.append("\(index) of \(size)")
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Of inclusion are the RFC's and hold, in large trees")
    func largeInclusion() throws {
        var naive = NaiveTree(MemoryLog.large.leaves)
        var faults: [String] = []
        for size in Samples.largeSizes {
            var maker = MemoryLog.large.proofs(size: size)
            let root = naive.root(size: size)
            for index in Samples.places(below: size, 8, seed: UInt64(size)) {
                let proof = try maker.inclusion(of: index)
                if proof != naive.path(index, 0..<size)
                    || !MerkleProof.verifyInclusion(
                        of: MemoryLog.large.leaves[index], at: index, treeSize: size, root: root, proof: proof)
                {
                    faults.append("\(index) of \(size)")
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Of inclusion hold at no other place, in no other tree, and for no other leaf", arguments: [1, 2, 7, 8, 13])
    func otherInclusion(_ size: Int) throws {
        var maker = Self.small.proofs(size: size)
        let root = try maker.root()
        for index in 0..<size {
            let leaf = Self.small.leaves[index]
            let proof = try maker.inclusion(of: index)
            func holds(
                _ leaf: MerkleHash, _ index: Int, _ size: Int, _ root: MerkleHash, _ proof: [MerkleHash]
            ) -> Bool {
                MerkleProof.verifyInclusion(of: leaf, at: index, treeSize: size, root: root, proof: proof)
            }
            #expect(holds(leaf, index, size, root, proof))
            for other in [-1, index ^ 1, index + 1, size, .max, .min] where other != index && size > 1 {
                #expect(!holds(leaf, other, size, root, proof), "\(other)")
            }
            for other in [-1, 0, index, .min] { #expect(!holds(leaf, index, other, root, proof), "size \(other)") }
            #expect(!holds(.leaf([9]), index, size, root, proof))
            #expect(!holds(leaf, index, size, .emptyRoot, proof))
            #expect(!holds(leaf, index, size, root, proof + [root]))
            #expect(!holds(leaf, index, size, root, [leaf] + proof))
            if !proof.isEmpty {
                #expect(!holds(leaf, index, size, root, Array(proof.dropLast())))
                #expect(!holds(leaf, index, size, root, Array(proof.dropFirst())))
                #expect(!holds(leaf, index, size, root, []))
            }
            if proof.count > 1 { #expect(!holds(leaf, index, size, root, proof.reversed())) }
        }
    }

    // MARK: Consistency

    @Test("Of consistency are the RFC's and hold, from every tree to every larger one to 70")
    func everyConsistency() throws {
        var naive = NaiveTree(Self.small.leaves)
        var faults: [String] = []
        for size in 1...70 {
            var maker = Self.small.proofs(size: size)
            for first in 1...size {
                let proof = try maker.consistency(from: first)
                if proof != naive.proof(first, size: size)
                    || !MerkleProof.verifyConsistency(
                        from: first, to: size, firstRoot: naive.root(size: first), secondRoot: naive.root(size: size),
                        proof: proof)
                {
                    faults.append("\(first) to \(size)")
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Of consistency are the RFC's and hold, between large trees")
    func largeConsistency() throws {
        var naive = NaiveTree(MemoryLog.large.leaves)
        var faults: [String] = []
        for size in Samples.largeSizes {
            var maker = MemoryLog.large.proofs(size: size)
            for first in Samples.places(below: size, 8, seed: UInt64(size)).map({ $0 + 1 }) {
                let proof = try maker.consistency(from: first)
                if proof != naive.proof(first, size: size)
                    || !MerkleProof.verifyConsistency(
                        from: first, to: size, firstRoot: naive.root(size: first), secondRoot: naive.root(size: size),
                        proof: proof)
                {
                    faults.append("\(first) to \(size)")
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Of consistency hold between no other trees", arguments: [(1, 2), (3, 8), (4, 8), (6, 7), (7, 13), (8, 64)])
    func otherConsistency(_ first: Int, _ second: Int) throws {
        var naive = NaiveTree(Self.small.leaves)
        let (firstRoot, secondRoot) = (naive.root(size: first), naive.root(size: second))
        let proof = naive.proof(first, size: second)
        func holds(_ first: Int, _ second: Int, _ one: MerkleHash, _ other: MerkleHash, _ proof: [MerkleHash]) -> Bool {
            MerkleProof.verifyConsistency(from: first, to: second, firstRoot: one, secondRoot: other, proof: proof)
        }
        #expect(holds(first, second, firstRoot, secondRoot, proof))
        #expect(!holds(second, first, secondRoot, firstRoot, proof))
        #expect(!holds(first, second, secondRoot, firstRoot, proof))
        #expect(!holds(first, second, firstRoot, firstRoot, proof))
        #expect(!holds(first, second, .emptyRoot, secondRoot, proof))
        #expect(!holds(first, second, firstRoot, .emptyRoot, proof))
        for other in [-1, 0, second, second + 1, .min, .max] {
            #expect(!holds(other, second, firstRoot, secondRoot, proof), "from \(other)")
        }
        for other in [-1, 0, first, first - 1, .min] {
            #expect(!holds(first, other, firstRoot, secondRoot, proof), "to \(other)")
        }
        #expect(!holds(first, second, firstRoot, secondRoot, []))
        #expect(!holds(first, second, firstRoot, secondRoot, proof + [secondRoot]))
        #expect(!holds(first, second, firstRoot, secondRoot, [firstRoot] + proof))
        #expect(!holds(first, second, firstRoot, secondRoot, Array(proof.dropLast())))
        #expect(!holds(first, second, firstRoot, secondRoot, Array(proof.dropFirst())))
        if proof.count > 1 { #expect(!holds(first, second, firstRoot, secondRoot, proof.reversed())) }
    }

    @Test("From a tree to itself are empty, and from the empty tree there are none")
    func edges() throws {
        let root = Self.small.tree.root
        func holds(_ first: Int, _ second: Int, _ one: MerkleHash, _ other: MerkleHash, _ proof: [MerkleHash]) -> Bool {
            MerkleProof.verifyConsistency(from: first, to: second, firstRoot: one, secondRoot: other, proof: proof)
        }
        #expect(holds(70, 70, root, root, []))
        #expect(!holds(70, 70, root, root, [root]))
        #expect(!holds(70, 70, root, .emptyRoot, []))
        #expect(!holds(0, 0, .emptyRoot, .emptyRoot, []))
        #expect(!holds(0, 70, .emptyRoot, root, []))
        #expect(!holds(0, 70, .emptyRoot, root, [root]))
    }

    // MARK: Changed bits

    @Test("Do not hold when any bit of a hash of theirs is changed")
    func flippedBits() throws {
        var naive = NaiveTree(Self.small.leaves)
        var accepted: [String] = []
        for (index, size) in [(0, 2), (5, 8), (6, 7), (12, 13), (33, 70)] {
            let proof = naive.path(index, 0..<size)
            for (place, hash) in proof.enumerated() {
                for bit in 0..<256 {
                    var changed = proof
                    changed[place] = hash.flipping(bit: bit)
                    if MerkleProof.verifyInclusion(
                        of: Self.small.leaves[index], at: index, treeSize: size, root: naive.root(size: size),
                        proof: changed)
                    {
                        accepted.append("inclusion of \(index) in \(size): bit \(bit) of hash \(place)")
                    }
                }
            }
        }
        for (first, size) in [(1, 2), (3, 8), (4, 8), (6, 7), (33, 70)] {
            let proof = naive.proof(first, size: size)
            for (place, hash) in proof.enumerated() {
                for bit in 0..<256 {
                    var changed = proof
                    changed[place] = hash.flipping(bit: bit)
                    if MerkleProof.verifyConsistency(
                        from: first, to: size, firstRoot: naive.root(size: first), secondRoot: naive.root(size: size),
                        proof: changed)
                    {
                        accepted.append("consistency from \(first) to \(size): bit \(bit) of hash \(place)")
                    }
                }
            }
        }
        #expect(accepted.isEmpty, "\(accepted)")
    }

    @Test("Do not hold when a sampled bit of one in a large tree is changed")
    func flippedLarge() throws {
        var generator = SeededGenerator(seed: 8)
        var naive = NaiveTree(MemoryLog.large.leaves)
        let size = 70_000
        let root = naive.root(size: size)
        for index in Samples.places(below: size, 4, seed: 1) {
            let proof = naive.path(index, 0..<size)
            for place in proof.indices {
                var changed = proof
                changed[place] = proof[place].flipping(bit: Int.random(in: 0..<256, using: &generator))
                #expect(
                    !MerkleProof.verifyInclusion(
                        of: MemoryLog.large.leaves[index], at: index, treeSize: size, root: root, proof: changed))
            }
        }
    }
}
