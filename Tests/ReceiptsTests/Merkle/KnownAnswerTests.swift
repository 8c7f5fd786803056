import OrchCore
import OrchReceipts
import Testing

/// The specification's leaves, roots and proofs.
enum KnownAnswers {
    static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ].map { Hexadecimal.decode($0) ?? [] }

    /// By the tree's size.
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static let consistency3To8 = [
        "ApjRIpBtz8EIkstTpzmS/FufST6kybrbJ7eRtBJ6f+c=", "B1Bqhf2d0vEg62lPhgEeW7RmLlxBWmKRcDPUqWJEh+c=",
        "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=", "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ]

    static var log: MemoryLog {
        var log = MemoryLog()
        for leaf in leaves { log.append(.leaf(leaf)) }
        log.store()
        return log
    }

    static func root(_ size: Int) throws -> MerkleHash { try #require(MerkleHash(hexadecimal: roots[size])) }
}

@Suite("The specification's known answers")
struct KnownAnswerTests {
    @Test("Roots of the trees of 0 to 8 leaves", arguments: 0...8)
    func roots(_ size: Int) throws {
        var tree = MerkleTree()
        for leaf in KnownAnswers.leaves[..<size] { tree.append(.leaf(leaf)) }
        #expect(tree.root.hexadecimal == KnownAnswers.roots[size])
        var naive = NaiveTree(KnownAnswers.leaves.map(MerkleHash.leaf))
        #expect(naive.root(size: size).hexadecimal == KnownAnswers.roots[size])
        var maker = KnownAnswers.log.proofs(size: size)
        #expect(try maker.root().hexadecimal == KnownAnswers.roots[size])
    }

    @Test("Consistency from 3 to 8")
    func consistency() throws {
        var maker = KnownAnswers.log.proofs(size: 8)
        let proof = try maker.consistency(from: 3)
        #expect(proof.map(\.base64) == KnownAnswers.consistency3To8)
        #expect(
            MerkleProof.verifyConsistency(
                from: 3, to: 8, firstRoot: try KnownAnswers.root(3), secondRoot: try KnownAnswers.root(8), proof: proof)
        )
    }

    @Test("Inclusion of leaf 5 of 8, as the sample's proof file has it")
    func inclusion() throws {
        var maker = KnownAnswers.log.proofs(size: 8)
        let file = try InclusionProofFile(parsing: NoteSample.proof)
        #expect(try maker.inclusion(of: 5) == file.hashes)
        #expect(try maker.leaf(at: 5) == .leaf([0x40, 0x41, 0x42, 0x43]))
        #expect(file.checkpoint.checkpoint.root.hexadecimal == KnownAnswers.roots[8])
    }
}
