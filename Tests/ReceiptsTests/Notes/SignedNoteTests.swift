import OrchCore
import OrchReceipts
import Testing

@Suite("Signed notes")
struct SignedNoteTests {
    static let signer = SigningKey(generatingFor: "example.com/log")

    /// A note of a log, with others' signatures above and below the log's own.
    static func note(above: Int = 0, below: Int = 0) throws -> SignedNote {
        let text = "some text\n"
        func others(_ range: Range<Int>) -> [SignedNote.Signature] {
            range.map { SignedNote.Signature(name: "w\($0)", keyID: UInt32($0), bytes: [1, 2, 3]) }
        }
        return SignedNote(
            text: text, signatures: others(0..<above) + [try signer.sign(text)] + others(above..<above + below))
    }

    // MARK: The sample

    @Test("The sample reads back, and is signed by its key")
    func sample() throws {
        let note = try SignedNote(parsing: NoteSample.note)
        #expect(note.text == NoteSample.text)
        #expect(note.signatures.map(\.name) == ["example.com/receipts", "witness.example/w1"])
        #expect(note.signatures.map(\.keyID) == [0xE5F1_F95D, 0x04D2_D833])
        #expect(note.signatures.map(\.bytes.count) == [64, 72])
        #expect(note.signatures.map { $0.line + "\n" } == [NoteSample.logLine, NoteSample.witnessLine])
        #expect(note.description == NoteSample.note)
        let verified = try note.verify([try VerifierKey(parsing: NoteSample.key)])
        #expect(verified.map(\.name) == ["example.com/receipts"])
    }

    @Test("No bit of the sample's text, or of the log's line, can be changed")
    func flips() throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        let end = NoteSample.note.utf8.count - NoteSample.witnessLine.utf8.count
        var faults: [String] = []
        for place in NoteSample.note.utf8.indices.enumerated().map(\.offset) {
            for bit in 0..<8 {
                guard let changed = flip(bit: bit, ofByte: place, in: NoteSample.note) else { continue }
                guard let note = try? SignedNote(parsing: changed), (try? note.verify([key])) != nil else { continue }
                // The unknown witness' line may say anything that a line can say, and the log's text is the same.
                if place < end || note.text != NoteSample.text { faults.append("bit \(bit) of byte \(place)") }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    // MARK: Signatures of others

    @Test("Unknown signatures are passed over, 16 and more", arguments: [(0, 0), (16, 0), (0, 16), (8, 8), (50, 49)])
    func unknown(_ above: Int, _ below: Int) throws {
        let note = try SignedNote(parsing: try Self.note(above: above, below: below).description)
        #expect(note.signatures.count == above + below + 1)
        #expect(try note.verify([Self.signer.verifier]).map(\.name) == ["example.com/log"])
    }

    @Test("A hundred signatures are read, and not one more")
    func limit() throws {
        #expect(try SignedNote(parsing: try Self.note(above: 99).description).signatures.count == 100)
        for (above, below) in [(100, 0), (0, 100), (50, 50)] {
            let text = try Self.note(above: above, below: below).description
            let error = #expect(throws: NoteError.self) { try SignedNote(parsing: text) }
            #expect(error?.code == .malformedNote)
        }
    }

    @Test("A note without a signature of a known key is not verified")
    func noneKnown() throws {
        var note = try Self.note(above: 3)
        note.signatures.removeLast()
        let error = #expect(throws: NoteError.self) { try note.verify([Self.signer.verifier]) }
        #expect(error?.code == .unverified && error?.codeName == "not_signed_by_key")
        #expect(throws: NoteError.self) { try Self.note().verify([]) }
    }

    @Test("A key that shares the name, or the identity, and not both, is another key")
    func sharedNames() throws {
        let note = try Self.note()
        let namesake = SigningKey(generatingFor: "example.com/log").verifier
        #expect(refusal { try note.verify([namesake]) } == .unverified)
        var renamed = note
        renamed.signatures[0].name = "example.com/other"
        #expect(refusal { try renamed.verify([Self.signer.verifier]) } == .unverified)
        renamed.signatures.append(note.signatures[0])
        #expect(try renamed.verify([Self.signer.verifier, namesake]).count == 1)
    }

    @Test("A wrong signature of a known key fails the note, even beside a right one")
    func wrongSignature() throws {
        let note = try Self.note()
        for bytes in [[], [1], Array(note.signatures[0].bytes.dropLast()), note.signatures[0].bytes + [0]] {
            var changed = note
            changed.signatures[0].bytes = bytes
            #expect(refusal { try changed.verify([Self.signer.verifier]) } == .invalidSignature)
            changed.signatures.append(note.signatures[0])
            #expect(refusal { try changed.verify([Self.signer.verifier]) } == .invalidSignature)
        }
        var other = note
        other.text = "some other text\n"
        #expect(refusal { try other.verify([Self.signer.verifier]) } == .invalidSignature)
    }

    @Test("Two keys that both signed are both told")
    func twoKeys() throws {
        let second = SigningKey(generatingFor: "example.com/log")
        var note = try Self.note(above: 2)
        note.signatures.append(try second.sign(note.text))
        let read = try SignedNote(parsing: note.description)
        #expect(try read.verify([Self.signer.verifier, second.verifier]).count == 2)
        #expect(try read.verify([second.verifier]).count == 1)
    }

    // MARK: Format

    static let line = "\u{2014} name AAAAAQE=\n"
    static let accepted: [String] = [
        "a\n\n" + line, "\n\n" + line, "a\n\nb\n\n\n" + line, "a\n\n" + line + line, "é \u{2014} 😀\n\n" + line,
        "a\n\n\u{2014} example.com/x_y:z=é AAAAAQE=\n", "a\n\n\u{2014} x AAAAAQE=\n\n" + line,
    ]

    @Test("Are read and written byte for byte", arguments: accepted)
    func reads(_ text: String) throws {
        let note = try SignedNote(parsing: text)
        #expect(Array(note.description.utf8) == Array(text.utf8))
        #expect(note.signatures.allSatisfy { $0.keyID == 1 && $0.bytes == [1] })
    }

    static let refused: [String] = [
        "", "\n", "a", "a\n", "a\n\n", line, "\n" + line, "a\n" + line, "a\n\n" + line.dropLast(),
        "a\n\n" + line + "\n",
        "a\n\n" + line + "x", "a\n\n" + line + "x\n", "a\n\n-- name AAAAAQE=\n", "a\n\n\u{2014}name AAAAAQE=\n",
        "a\n\n\u{2013} name AAAAAQE=\n", "a\n\n \u{2014} name AAAAAQE=\n", "a\n\n\u{2014}  name AAAAAQE=\n",
        "a\n\n\u{2014} name  AAAAAQE=\n", "a\n\n\u{2014} name AAAAAQE= \n", "a\n\n\u{2014} name\n",
        "a\n\n\u{2014} name \n",
        "a\n\n\u{2014} AAAAAQE=\n", "a\n\n\u{2014}  AAAAAQE=\n", "a\n\n\u{2014} na me AAAAAQE=\n",
        "a\n\n\u{2014} na+me AAAAAQE=\n", "a\n\n\u{2014} na\u{A0}me AAAAAQE=\n",
        "a\n\n\u{2014} na\u{2003}me AAAAAQE=\n",
        "a\n\n\u{2014} na\u{3000}me AAAAAQE=\n", "a\n\n\u{2014} na\u{85}me AAAAAQE=\n", "a\n\n\u{2014} name AAAAAQ==\n",
        "a\n\n\u{2014} name AAAAAQF=\n", "a\n\n\u{2014} name AAAAAQE\n", "a\n\n\u{2014} name AAAA\n",
        "a\n\n\u{2014} name AAAAA-E=\n", "a\n\n\u{2014}\u{301} name AAAAAQE=\n", "a\n\n\u{2014} name\u{301}AAAAAQE=\n",
        "a\r\n\r\n" + line, "a\n\n\u{2014} name AAAAAQE=\r\n", "a\tb\n\n" + line, "a\u{0}b\n\n" + line,
        "a\u{1F}\n\n" + line, "a\n\r\n" + line,
    ]

    @Test("Are refused in any other format", arguments: refused)
    func refuses(_ text: String) {
        let error = #expect(throws: NoteError.self) { try SignedNote(parsing: text) }
        #expect(error?.code == .malformedNote)
    }

    @Test("Larger than a mebibyte they are not read")
    func size() throws {
        let room = SignedNote.maximumBytes - "\n\n\(Self.line)".utf8.count
        let text = String(repeating: "a", count: room) + "\n\n" + Self.line
        #expect(try SignedNote(parsing: text).text.utf8.count == room + 1)
        #expect(refusal { try SignedNote(parsing: "a" + text) } == .malformedNote)
    }
}
