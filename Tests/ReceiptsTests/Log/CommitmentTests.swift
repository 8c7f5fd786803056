import OrchCore
import OrchReceipts
import Testing

@Suite("Commitments")
struct CommitmentTests {
    static let content = Array("the content \u{1F600}".utf8)

    @Test("Are SHA-256 of the content's salt and the content, the salt that of the trace's and the name")
    func formula() throws {
        let salt = try #require(TraceSalt(Array(0..<32)))
        for name in Commitment.Name.allCases {
            let own = MerkleHash.sha256(Array(0..<32) + Array(name.rawValue.utf8))
            #expect(salt.salt(of: name.rawValue) == own)
            let wanted = MerkleHash.sha256(own.bytes + Self.content)
            #expect(salt.commitment(name, to: Self.content) == Commitment(name: name, hash: wanted))
            #expect(salt.hash(of: Self.content, named: name.rawValue) == wanted)
        }
        #expect(Commitment.Name.allCases.map(\.rawValue) == ["answer", "arguments", "metadata", "request"])
    }

    @Test("To one content differ by name and by salt")
    func different() throws {
        let salts = [TraceSalt.generate(), .generate(), try #require(TraceSalt(Array(0..<32)))]
        let hashes = salts.flatMap { salt in
            Commitment.Name.allCases.map { salt.commitment($0, to: Self.content).hash }
        }
        #expect(Set(hashes).count == 12)
    }

    @Test("To contents in parts are those to the whole, wherever it is cut")
    func parts() throws {
        let salt = TraceSalt.generate()
        let wanted = salt.commitment(.answer, to: Self.content)
        for cut in 0...Self.content.count {
            var hasher = CommitmentHasher(.answer, under: salt)
            hasher.update(Array(Self.content[..<cut]))
            hasher.update([])
            hasher.update(Array(Self.content[cut...]))
            #expect(hasher.commitment == wanted)
        }
        var hasher = CommitmentHasher(.answer, under: salt)
        #expect(hasher.commitment == salt.commitment(.answer, to: []))
        for character in String(decoding: Self.content, as: UTF8.self) { hasher.update(String(character)) }
        #expect(hasher.commitment == wanted)
    }

    @Test("Have salts of 32 bytes, no two of which are the same", arguments: [0, 31, 33])
    func salts(_ count: Int) {
        #expect(TraceSalt([UInt8](repeating: 0, count: count)) == nil)
        #expect(TraceSalt.generate().bytes.count == TraceSalt.byteCount)
        #expect(Set((0..<100).map { _ in TraceSalt.generate().bytes }).count == 100)
    }
}
