import OrchCore
import OrchReceipts
import Testing

@Suite("Verifier keys")
struct VerifierKeyTests {
    @Test("The sample's key reads back")
    func sample() throws {
        let key = try VerifierKey(parsing: NoteSample.key)
        #expect(key.name == "example.com/receipts" && key.keyID == 0xE5F1_F95D && key.algorithm == .ed25519)
        #expect(key.description == NoteSample.key && key.shortName == "example.com/receipts+e5f1f95d")
    }

    @Test("No bit of one can be changed")
    func flips() {
        var faults: [String] = []
        for place in 0..<NoteSample.key.utf8.count {
            for bit in 0..<8 {
                guard let changed = flip(bit: bit, ofByte: place, in: NoteSample.key) else { continue }
                if (try? VerifierKey(parsing: changed)) != nil { faults.append(changed) }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    static let refused: [String] = [
        "", "+", "++", "name", "name+", "name+e5f1f95d", "name+e5f1f95d+",
        "+e5f1f95d+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        NoteSample.key.replacing("e5f1f95d", with: "E5F1F95D"), NoteSample.key.replacing("e5f1f95d", with: "0e5f1f95d"),
        NoteSample.key + "\n", " " + NoteSample.key, NoteSample.key + " ", NoteSample.key + "=", NoteSample.key + "+",
        NoteSample.key.replacing("receipts", with: "receipt"), NoteSample.key.replacing("example", with: "exam ple"),
        NoteSample.key.replacing("/", with: "\u{A0}"), String(NoteSample.key.dropLast()),
        String(NoteSample.key.dropLast(4)), "PRIVATE+KEY+" + NoteSample.key,
    ]

    @Test("Are refused in any other form", arguments: refused)
    func refuses(_ text: String) {
        #expect(refusal { try VerifierKey(parsing: text) } == .malformedKey)
    }

    @Test("Of other types, or other lengths, are refused, though their checksums are right")
    func otherTypes() throws {
        let bytes = try #require(Base64.decode(NoteSample.key.split(separator: "+", maxSplits: 2)[2]))
        func text(_ bytes: [UInt8]) -> String {
            let identity = MerkleHash.sha256(of: Array("n".utf8), [0x0A], bytes).bytes[..<4]
            return "n+\(Hexadecimal.encode(identity))+\(Base64.encode(bytes))"
        }
        #expect(throws: Never.self) { try VerifierKey(parsing: text(bytes)) }
        for type in [0x00, 0x02, 0x03, 0x05, 0x06, 0xFF] as [UInt8] {
            #expect(refusal { try VerifierKey(parsing: text([type] + bytes[1...])) } == .malformedKey, "\(type)")
        }
        for other in [[], [1], Array(bytes.dropLast()), bytes + [0]] {
            #expect(refusal { try VerifierKey(parsing: text(other)) } == .malformedKey)
        }
    }

    /// U+212A KELVIN SIGN is equal to K in Swift's strings, and not in a log's.
    @Test("A name with a Kelvin sign is another name than one with a K")
    func kelvin() throws {
        #expect("\u{212A}" == "K")
        let signer = SigningKey(generatingFor: "K.example/log")
        let checkpoint = try SignedCheckpoint(
            Checkpoint(origin: "K.example/log", size: 0, root: .emptyRoot), signedBy: signer)
        #expect(throws: Never.self) { try checkpoint.verify(signer.verifier) }
        // In the key: its checksum is another.
        let key = signer.verifier.description
        #expect(refusal { try VerifierKey(parsing: key.replacing("K.e", with: "\u{212A}.e")) } == .malformedKey)
        // In the signature's line: it is by another key.
        let line = checkpoint.text.replacing("\u{2014} K", with: "\u{2014} \u{212A}")
        #expect(refusal { try SignedCheckpoint(parsing: line).verify(signer.verifier) } == .unverified)
        // In the origin: it is of another log.
        let origin = checkpoint.text.replacing("K.example/log\n0", with: "\u{212A}.example/log\n0")
        #expect(Array(origin.utf8) != Array(checkpoint.text.utf8))
        #expect(refusal { try SignedCheckpoint(parsing: origin).verify(signer.verifier) } == .unverified)
        // In the base 64, where there is a K.
        for digits in [signer.verifier.description.split(separator: "+", maxSplits: 2)[2]] where digits.contains("K") {
            let changed = "K.example/log+\(key.split(separator: "+")[1])+\(digits.replacing("K", with: "\u{212A}"))"
            #expect(refusal { try VerifierKey(parsing: changed) } == .malformedKey)
        }
    }

    static let names: [(String, Bool)] = [
        ("example.com/log", true), ("é😀", true), ("a", true), ("", false), ("a b", false), ("a+b", false),
        ("a\n", false), ("a\u{2028}", false), ("\u{A0}", false), ("a\u{7F}", false), ("a\u{0}", false), ("+", false),
    ]

    @Test("Have names without white space, control characters and plus signs", arguments: names)
    func validNames(_ name: String, _ isValid: Bool) {
        #expect(KeyName.isValid(name) == isValid)
    }
}

@Suite("Signing keys")
struct SigningKeyTests {
    static let key = SigningKey(generatingFor: "example.com/log")

    @Test("Read back from their text, and sign the same")
    func roundTrip() throws {
        let text = Self.key.text.exposed
        #expect(text.hasPrefix("PRIVATE+KEY+\(Self.key.verifier.shortName)+"))
        let read = try SigningKey(parsing: text)
        #expect(read.verifier == Self.key.verifier && read.text == Self.key.text)
        let signature = try read.sign("text\n")
        #expect(signature.name == "example.com/log" && signature.keyID == Self.key.verifier.keyID)
        #expect(Self.key.verifier.verifies(signature.bytes, of: "text\n"))
        #expect(!Self.key.verifier.verifies(signature.bytes, of: "text"))
    }

    @Test("Are new each time, and do not show themselves")
    func secret() {
        #expect(SigningKey(generatingFor: "a").verifier != SigningKey(generatingFor: "a").verifier)
        #expect("\(Self.key.text)" == "[redacted]")
    }

    @Test("No bit of one can be changed, and the error says nothing of it")
    func flips() {
        let text = Self.key.text.exposed
        var faults: [String] = []
        for place in 0..<text.utf8.count {
            for bit in 0..<8 {
                guard let changed = flip(bit: bit, ofByte: place, in: text) else { continue }
                do {
                    _ = try SigningKey(parsing: changed)
                    faults.append("bit \(bit) of byte \(place)")
                } catch {
                    if error.code != .malformedKey || error.message.contains("example") { faults.append("\(error)") }
                }
            }
        }
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("Are refused in any other form")
    func refuses() {
        let text = Self.key.text.exposed
        let others = [
            "", text + "\n", text + "=", " " + text, String(text.dropLast()), String(text.dropFirst()),
            text.replacing("example.com/log", with: ""), text.replacing("PRIVATE", with: "private"),
            text.replacing("PRIVATE+KEY", with: "PRIVATE+\u{212A}EY"), Self.key.verifier.description, "PRIVATE+KEY+",
            "PRIVATE+KEY+" + Self.key.verifier.description,
        ]
        for (number, other) in others.enumerated() {
            #expect(refusal { try SigningKey(parsing: other) } == .malformedKey, "number \(number)")
        }
    }
}
