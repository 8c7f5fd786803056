import OrchCore
import OrchReceipts
import Testing

@Suite("Files of inclusion proofs")
struct InclusionProofFileTests {
    static let leaf = MerkleHash.leaf(NoteSample.leaf)

    @Test("The sample reads back, and proves its leaf")
    func sample() throws {
        let file = try InclusionProofFile(parsing: NoteSample.proof)
        #expect(file.index == 5 && file.hashes.count == 3 && file.checkpoint.text == NoteSample.note)
        #expect(file.text == NoteSample.proof)
        let key = try VerifierKey(parsing: NoteSample.key)
        #expect(throws: Never.self) { try file.verify(Self.leaf, key: key) }
        #expect(refusal { try file.verify(.leaf([0x40]), key: key) } == .malformedProof)
        let other = SigningKey(generatingFor: "example.com/receipts").verifier
        #expect(refusal { try file.verify(Self.leaf, key: other) } == .unverified)
    }

    @Test("No bit of the sample can be changed above the witness' line")
    func flips() throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        let end = NoteSample.proof.utf8.count - NoteSample.witnessLine.utf8.count
        var faults: [String] = []
        for place in 0..<NoteSample.proof.utf8.count {
            for bit in 0..<8 {
                guard let changed = flip(bit: bit, ofByte: place, in: NoteSample.proof),
                    let file = try? InclusionProofFile(parsing: changed), (try? file.verify(Self.leaf, key: key)) != nil
                else { continue }
                if place < end || file.checkpoint.note.text != NoteSample.text {
                    faults.append("bit \(bit) of byte \(place)")
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("No other index is accepted", arguments: Array(0..<5) + [6, 7, 8, 13, .max])
    func otherIndex(_ index: Int) throws {
        var file = try InclusionProofFile(parsing: NoteSample.proof)
        file.index = index
        let read = try InclusionProofFile(parsing: file.text)
        #expect(refusal { try read.verify(Self.leaf, key: VerifierKey(parsing: NoteSample.key)) } == .malformedProof)
    }

    @Test("A tree of one leaf has a proof without hashes")
    func single() throws {
        let key = SigningKey(generatingFor: "example.com/log")
        let head = Checkpoint(origin: "example.com/log", size: 1, root: Self.leaf)
        let file = InclusionProofFile(index: 0, hashes: [], checkpoint: try SignedCheckpoint(head, signedBy: key))
        let read = try InclusionProofFile(parsing: file.text)
        #expect(read == file && read.text == file.text)
        #expect(throws: Never.self) { try read.verify(Self.leaf, key: key.verifier) }
    }

    @Test("Hold 63 hashes, as many as the largest tree needs, and not one more")
    func limit() throws {
        var file = try InclusionProofFile(parsing: NoteSample.proof)
        file.hashes = [MerkleHash](repeating: .emptyRoot, count: 63)
        #expect(try InclusionProofFile(parsing: file.text) == file)
        file.hashes.append(.emptyRoot)
        #expect(refusal { try InclusionProofFile(parsing: file.text) } == .malformedProof)
    }

    static let hash = "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="
    static let changes: [(String, String)] = [
        ("@v1\n", "@v2\n"), ("@v1\n", "@v1 \n"), ("@v1\n", "@v1\r\n"), ("c2sp", "C2SP"), ("@v1\n", "@v1\n\n"),
        ("index 5", "index 05"), ("index 5", "index +5"), ("index 5", "index -5"), ("index 5", "index  5"),
        ("index 5", "index 5 "), ("index 5", "index5"), ("index 5", "index "), ("index 5", "Index 5"), ("index 5", "5"),
        ("index 5", "index 5\nindex 5"), ("index 5", "index 9223372036854775808"), ("index 5", "index ٥"),
        (hash, String(hash.dropLast())), (hash, hash + "="), (hash, " " + hash), (hash, hash + " "),
        (hash, hash + "\r"),
        (hash, hash.replacing("ms=", with: "mt=")), (hash, "AAAA"), (hash, hash + hash),
        ("SCWFLc=", "SCWFLc=\nx"), ("\n\n", "\n"),
    ]

    @Test("Are refused in any other format", arguments: changes)
    func refuses(_ part: String, _ other: String) throws {
        let text = NoteSample.proof.replacing(part, with: other, maxReplacements: 1)
        try #require(Array(text.utf8) != Array(NoteSample.proof.utf8))
        let key = try VerifierKey(parsing: NoteSample.key)
        #expect(refusal { try InclusionProofFile(parsing: text).verify(Self.leaf, key: key) } != nil)
    }

    @Test("Are refused when they are cut, wherever")
    func cut() throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        let bytes = Array(NoteSample.proof.utf8)
        let whole = bytes.count - NoteSample.witnessLine.utf8.count
        for end in 0..<bytes.count where end != whole {
            guard let text = String(validating: bytes[..<end], as: UTF8.self) else { continue }
            #expect(refusal { try InclusionProofFile(parsing: text).verify(Self.leaf, key: key) } != nil, "\(end)")
        }
    }
}
