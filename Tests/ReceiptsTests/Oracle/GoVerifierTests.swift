import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

/// What we write, read by the Go project's own packages for transparency logs.
@Suite("Beside Go's verifier", .enabled(if: GoProgram.isExpected, GoProgram.absence), .timeLimit(.minutes(3)))
struct GoVerifierTests {
    static let key = SigningKey(generatingFor: "example.com/log")
    static let log = MemoryLog(size: 300)

    let oracle: GoProgram

    init() async throws {
        oracle = try await GoProgram(building: .oracle)
    }

    static func checkpoint(_ log: MemoryLog, _ size: Int) throws -> SignedCheckpoint {
        var maker = log.proofs(size: size)
        return try SignedCheckpoint(
            Checkpoint(origin: key.verifier.name, size: size, root: maker.root()), signedBy: key)
    }

    /// Proofs of leaves of a log, as it was at a size.
    static func files(_ log: MemoryLog, _ size: Int, _ leaves: [Int]) throws -> [InclusionProofFile] {
        let checkpoint = try checkpoint(log, size)
        var maker = log.proofs(size: size)
        return try leaves.map { index in
            InclusionProofFile(index: index, hashes: try maker.inclusion(of: index), checkpoint: checkpoint)
        }
    }

    static func consistency(_ log: MemoryLog, _ first: Int, _ second: Int) throws -> ConsistencyProof {
        var (from, to) = (log.proofs(size: first), log.proofs(size: second))
        return ConsistencyProof(
            from: first, to: second, fromRoot: try from.root(), toRoot: try to.root(),
            hashes: try to.consistency(from: first))
    }

    // MARK: What it accepts

    @Test("It accepts our checkpoints and inclusion proofs, for sizes 1 to 300")
    func inclusion() async throws {
        var cases: [OracleCase] = []
        for size in 1...300 {
            let leaves = size <= 64 ? Array(0..<size) : Array(Samples.places(below: size, 4, seed: UInt64(size)))
            for file in try Self.files(Self.log, size, leaves) {
                cases.append(
                    .inclusion(
                        "\(file.index) of \(size)", file.text, leaf: MemoryLog.leaf(file.index), Self.key.verifier))
            }
            cases.append(.checkpoint("size \(size)", try Self.checkpoint(Self.log, size).text, Self.key.verifier))
        }
        let faults = try await oracle.faults(cases)
        #expect(cases.count > 3500)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test("It accepts our consistency proofs, from 1 to 300 leaves to all that are larger, some left out")
    func consistency() async throws {
        var cases: [OracleCase] = []
        for second in 1...300 {
            for first in 1...second where second <= 64 || (first * 7 + second) % 23 == 0 {
                cases.append(.consistency("\(first) to \(second)", try Self.consistency(Self.log, first, second)))
            }
        }
        let faults = try await oracle.faults(cases)
        #expect(cases.count > 3500)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test("It accepts what we prove of a log of 100,000 leaves")
    func large() async throws {
        var cases: [OracleCase] = []
        for size in Samples.largeSizes + [100_000] {
            for file in try Self.files(.large, size, Samples.places(below: size, 8, seed: UInt64(size))) {
                cases.append(
                    .inclusion(
                        "\(file.index) of \(size)", file.text, leaf: MemoryLog.leaf(file.index), Self.key.verifier))
            }
            for first in Samples.places(below: size, 8, seed: UInt64(size)).map({ $0 + 1 }) {
                cases.append(.consistency("\(first) to \(size)", try Self.consistency(.large, first, size)))
            }
        }
        let faults = try await oracle.faults(cases)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test("It accepts the samples, and both keys of a rotation")
    func samples() async throws {
        let sample = try VerifierKey(parsing: NoteSample.key)
        let next = SigningKey(generatingFor: Self.key.verifier.name)
        let both = try SignedCheckpoint(
            Checkpoint(origin: Self.key.verifier.name, size: 0, root: .emptyRoot), signedBy: Self.key, next)
        let cases: [OracleCase] = [
            .checkpoint("sample", NoteSample.note, sample),
            .inclusion("sample", NoteSample.proof, leaf: NoteSample.leaf, sample),
            .checkpoint("old key", both.text, Self.key.verifier), .checkpoint("new key", both.text, next.verifier),
            .checkpoint(
                "other key", isRight: false, both.text, SigningKey(generatingFor: Self.key.verifier.name).verifier),
        ]
        let faults = try await oracle.faults(cases)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    // MARK: What it refuses

    @Test("It refuses changed proofs, and so do we")
    func changed() async throws {
        var generator = SeededGenerator(seed: 4)
        var cases: [OracleCase] = []
        for (index, size) in [(0, 1), (0, 2), (5, 8), (6, 7), (99, 100), (150, 300)] {
            let file = try #require(try Self.files(Self.log, size, [index]).first)
            var others: [(String, InclusionProofFile, [UInt8])] = [("leaf", file, MemoryLog.leaf(size))]
            for place in file.hashes.indices {
                var changed = file
                changed.hashes[place] = file.hashes[place].flipping(bit: Int.random(in: 0..<256, using: &generator))
                others.append(("hash \(place)", changed, MemoryLog.leaf(index)))
                changed.hashes.remove(at: place)
                others.append(("without hash \(place)", changed, MemoryLog.leaf(index)))
            }
            for other in [index ^ 1, index + size, .max] {
                var changed = file
                changed.index = other
                others.append(("index \(other)", changed, MemoryLog.leaf(index)))
            }
            var longer = file
            longer.hashes.append(file.checkpoint.checkpoint.root)
            others.append(("longer", longer, MemoryLog.leaf(index)))
            for (name, file, leaf) in others {
                #expect(refusal { try file.verify(.leaf(leaf), key: Self.key.verifier) } != nil, "\(name)")
                cases.append(
                    .inclusion("\(index) of \(size), \(name)", isRight: false, file.text, leaf: leaf, Self.key.verifier)
                )
            }
        }
        for (first, second) in [(1, 2), (3, 8), (4, 8), (6, 7), (8, 8), (150, 300), (256, 300)] {
            let proof = try Self.consistency(Self.log, first, second)
            var others: [(String, ConsistencyProof)] = []
            func add(_ name: String, _ change: (inout ConsistencyProof) -> Void) {
                others.append((name, proof))
                change(&others[others.count - 1].1)
            }
            for place in proof.hashes.indices {
                let bit = Int.random(in: 0..<256, using: &generator)
                add("hash \(place)") { $0.hashes[place] = $0.hashes[place].flipping(bit: bit) }
                add("without hash \(place)") { $0.hashes.remove(at: place) }
            }
            add("from root") { $0.fromRoot = .leaf([1]) }
            add("to root") { $0.toRoot = .leaf([1]) }
            add("from 0") { $0.from = 0 }
            add("from more") { $0.from = second + 1 }
            add("longer") { $0.hashes.append($0.toRoot) }
            for (name, proof) in others {
                let isAccepted = MerkleProof.verifyConsistency(
                    from: proof.from, to: proof.to, firstRoot: proof.fromRoot, secondRoot: proof.toRoot,
                    proof: proof.hashes)
                #expect(!isAccepted, "\(first) to \(second), \(name)")
                cases.append(.consistency("\(first) to \(second), \(name)", isRight: false, proof))
            }
        }
        let faults = try await oracle.faults(cases)
        #expect(cases.count > 100)
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    /// Go reads the base 64 of signatures leniently; elsewhere the two agree on every changed bit.
    @Test("It accepts every file with a changed bit that we accept, and hardly any other")
    func flips() async throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        var cases: [OracleCase] = []
        for place in 0..<NoteSample.proof.utf8.count {
            for bit in 0..<8 {
                guard let text = flip(bit: bit, ofByte: place, in: NoteSample.proof) else { continue }
                let isRight =
                    refusal {
                        try InclusionProofFile(parsing: text).verify(.leaf(NoteSample.leaf), key: key)
                    } == nil
                cases.append(
                    .inclusion("bit \(bit) of byte \(place)", isRight: isRight, text, leaf: NoteSample.leaf, key))
            }
        }
        let answers = try await oracle.judge(cases)
        let differing = zip(cases, answers).filter { $0.isRight != $1.isAccepted }
        #expect(differing.allSatisfy { !$0.0.isRight }, "\(differing.map(\.0.name))")
        // Bits beyond the last byte of the two signatures: two of the log's, four of the witness'.
        #expect(differing.count <= 12, "\(differing.map(\.0.name))")
        #expect(cases.contains { $0.isRight })
    }
}
