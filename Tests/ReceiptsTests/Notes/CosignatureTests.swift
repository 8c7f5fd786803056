import OrchCore
import OrchReceipts
import Testing

@Suite("Cosignatures of witnesses")
struct CosignatureTests {
    static let log = SigningKey(generatingFor: "example.com/log")
    static let witness = SigningKey(generatingFor: "witness.example/w1")
    static let time: UInt64 = 1_679_315_147
    static let text = "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    /// Big-endian.
    static func bytes(_ time: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) } }

    /// A checkpoint with the log's signature, and a witness' of the message given.
    static func note(_ message: String, time: UInt64 = time) throws -> (SignedNote, VerifierKey) {
        let key = try witness.verifier.cosigner(named: "witness.example/w1")
        let signature = SignedNote.Signature(
            name: key.name, keyID: key.keyID, bytes: bytes(time) + (try witness.sign(message).bytes))
        return (SignedNote(text: text, signatures: [try log.sign(text), signature]), key)
    }

    @Test("Are of the time and the checkpoint")
    func verifies() throws {
        let (note, key) = try Self.note("cosignature/v1\ntime 1679315147\n\(Self.text)")
        #expect(key.algorithm == .cosignature && key.keyID != Self.witness.verifier.keyID)
        let read = try SignedNote(parsing: note.description)
        let verified = try read.verify([key])
        #expect(verified.map(\.name) == ["witness.example/w1"])
        #expect(verified.first.flatMap { Cosignature($0.bytes)?.time } == Self.time)
        #expect(try read.verify([key, Self.log.verifier]).count == 2)
    }

    static let messages: [String] = [
        "cosignature/v1\ntime 1679315148\n\(text)", "cosignature/v1\ntime 01679315147\n\(text)",
        "cosignature/v2\ntime 1679315147\n\(text)", "time 1679315147\n\(text)", text,
        "cosignature/v1\ntime 1679315147\n", "cosignature/v1\ntime 1679315147\n\(text)\n",
    ]

    @Test("Of another message are wrong", arguments: messages)
    func otherMessage(_ message: String) throws {
        let (note, key) = try Self.note(message)
        #expect(refusal { try note.verify([key]) } == .invalidSignature)
        // To who does not know the witness nothing is wrong.
        #expect(throws: Never.self) { try note.verify([Self.log.verifier]) }
    }

    @Test("No bit of one can be changed")
    func flips() throws {
        var (note, key) = try Self.note("cosignature/v1\ntime 1679315147\n\(Self.text)")
        let bytes = note.signatures[1].bytes
        var faults: [Int] = []
        for bit in 0..<bytes.count * 8 {
            note.signatures[1].bytes = bytes
            note.signatures[1].bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            if refusal({ try note.verify([key]) }) != .invalidSignature { faults.append(bit) }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Are 72 bytes", arguments: [0, 8, 64, 71, 73])
    func length(_ count: Int) {
        #expect(Cosignature([UInt8](repeating: 0, count: count)) == nil)
    }

    @Test("Times are big-endian")
    func times() {
        #expect(
            Cosignature(Self.bytes(0x0102_0304_0506_0708) + [UInt8](repeating: 0, count: 64))?.time
                == 0x0102_0304_0506_0708)
    }

    @Test("Are not signatures of the same key as a log's, nor the other way round")
    func types() throws {
        let key = try Self.log.verifier.cosigner(named: Self.log.verifier.name)
        let signature = try Self.log.sign(Self.text)
        #expect(!key.verifies(signature.bytes, of: Self.text))
        #expect(refusal { try SignedNote(text: Self.text, signatures: [signature]).verify([key]) } == .unverified)
        let cosigned =
            Self.bytes(Self.time) + (try Self.log.sign("cosignature/v1\ntime \(Self.time)\n\(Self.text)").bytes)
        #expect(key.verifies(cosigned, of: Self.text))
        #expect(!Self.log.verifier.verifies(cosigned, of: Self.text))
    }
}
