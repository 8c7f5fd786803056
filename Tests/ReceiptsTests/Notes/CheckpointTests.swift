import OrchCore
import OrchReceipts
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    static let key = SigningKey(generatingFor: "example.com/log")

    @Test("The sample reads back")
    func sample() throws {
        let checkpoint = try Checkpoint(parsing: NoteSample.text)
        #expect(checkpoint.origin == "example.com/receipts" && checkpoint.size == 8)
        #expect(checkpoint.root.hexadecimal == KnownAnswers.roots[8])
        #expect(checkpoint.text == NoteSample.text)
        let signed = try SignedCheckpoint(parsing: NoteSample.note)
        #expect(signed.checkpoint == checkpoint && signed.text == NoteSample.note)
        #expect(throws: Never.self) { try signed.verify(VerifierKey(parsing: NoteSample.key)) }
    }

    @Test("No bit of the sample can be changed above the witness' line")
    func flips() throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        let end = NoteSample.note.utf8.count - NoteSample.witnessLine.utf8.count
        let wanted = try Checkpoint(parsing: NoteSample.text)
        var faults: [String] = []
        for place in 0..<NoteSample.note.utf8.count {
            for bit in 0..<8 {
                guard let changed = flip(bit: bit, ofByte: place, in: NoteSample.note),
                    let signed = try? SignedCheckpoint(parsing: changed), (try? signed.verify(key)) != nil
                else { continue }
                if place < end || signed.checkpoint != wanted { faults.append("bit \(bit) of byte \(place)") }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Lines below the root are passed over, and still signed")
    func extensions() throws {
        let text = "example.com/log\n0\n\(Self.root)\nmore\nand more\n"
        #expect(try Checkpoint(parsing: text) == Checkpoint(origin: "example.com/log", size: 0, root: .emptyRoot))
        let note = SignedNote(text: text, signatures: [try Self.key.sign(text)])
        #expect(throws: Never.self) { try SignedCheckpoint(parsing: note.description).verify(Self.key.verifier) }
        let changed = note.description.replacing("and more", with: "and less")
        #expect(refusal { try SignedCheckpoint(parsing: changed).verify(Self.key.verifier) } == .invalidSignature)
    }

    @Test("Sizes of all lengths read back", arguments: [0, 1, 10, 65_536, .max])
    func sizes(_ size: Int) throws {
        let checkpoint = Checkpoint(origin: "é/log", size: size, root: .leaf([1]))
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
    }

    static let refused: [String] = [
        "", "\n", "o\n", "o\n0\n", "o\n0\n\(root)", "\n0\n\(root)\n", "o\n0\n\(root)\n\n", "o\n0\n\(root)\n\nmore\n",
        "o\n0\n\(root)\nmore\n\n", "o\n0\n\(root)\nmore", "o\n\n\(root)\n", "o\n00\n\(root)\n", "o\n01\n\(root)\n",
        "o\n+1\n\(root)\n", "o\n-1\n\(root)\n", "o\n-0\n\(root)\n", "o\n 1\n\(root)\n", "o\n1 \n\(root)\n",
        "o\n0x1\n\(root)\n", "o\n1.0\n\(root)\n", "o\n٣\n\(root)\n", "o\n9223372036854775808\n\(root)\n",
        "o\n1\n\(root.dropLast())\n", "o\n1\n\(root.dropLast(2))V=\n", "o\n1\n\(root)=\n", "o\n1\n \(root)\n",
        "o\n1\n\(root) \n", "o\n1\nAAAA\n", "o\n1\n\n", "o\n1\n\(root)AAAA\n", "\no\n1\n\(root)\n", "o\n\n1\n\(root)\n",
        "o\r\n1\r\n\(root)\r\n", "o\n1\r\n\(root)\n",
    ]

    @Test("Are refused in any other format", arguments: refused)
    func refuses(_ text: String) {
        #expect(refusal { try Checkpoint(parsing: text) } == .malformedCheckpoint)
    }

    @Test("Of another log are not the key's, though the key has signed them")
    func otherOrigin() throws {
        let checkpoint = try SignedCheckpoint(
            Checkpoint(origin: "example.com/other", size: 0, root: .emptyRoot), signedBy: Self.key)
        #expect(throws: Never.self) { try checkpoint.note.verify([Self.key.verifier]) }
        #expect(refusal { try checkpoint.verify(Self.key.verifier) } == .unverified)
    }

    @Test("Are signed by all keys that are given, as when one follows another")
    func rotation() throws {
        let next = SigningKey(generatingFor: "example.com/log")
        let head = Checkpoint(origin: "example.com/log", size: 3, root: .leaf([]))
        let both = try SignedCheckpoint(parsing: try SignedCheckpoint(head, signedBy: Self.key, next).text)
        #expect(throws: Never.self) { try both.verify(Self.key.verifier) }
        #expect(throws: Never.self) { try both.verify(next.verifier) }
        let one = try SignedCheckpoint(head, signedBy: Self.key)
        #expect(refusal { try one.verify(next.verifier) } == .unverified)
    }
}
