import OrchCore
import OrchReceipts
import OrchTestSupport
import Testing

@Suite("Hashes of the tree")
struct MerkleHashTests {
    static let text = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"

    @Test("Read back from bytes, base 16 and base 64")
    func forms() throws {
        let hash = try #require(MerkleHash(hexadecimal: Self.text))
        #expect(hash == .leaf([]) && hash.hexadecimal == Self.text && "\(hash)" == Self.text)
        #expect(hash.base64 == "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=")
        #expect(MerkleHash(base64: hash.base64) == hash && MerkleHash(hash.bytes) == hash)
        #expect(hash.bytes.count == MerkleHash.byteCount && hash.bytes.first == 0x6E && hash.bytes.last == 0x1D)
        #expect(hash.withUnsafeBytes { Array($0) } == hash.bytes)
    }

    static let refused: [String] = [
        "", String(text.dropLast()), String(text.dropLast(2)), text + "00", text.uppercased(), " " + text,
        text.replacing("6e34", with: "6E34"), text.replacing("6e34", with: "6g34"), text.replacing("6e34", with: "é34"),
    ]

    @Test("Are read from 64 lower-case digits alone", arguments: refused)
    func refusesHexadecimal(_ text: String) {
        #expect(MerkleHash(hexadecimal: text) == nil)
    }

    @Test("Are read from 32 bytes alone", arguments: [0, 1, 31, 33, 64])
    func refusesOtherLengths(_ count: Int) {
        let bytes = [UInt8](repeating: 7, count: count)
        #expect(MerkleHash(bytes) == nil)
        #expect(MerkleHash(base64: Base64.encode(bytes)) == nil)
        #expect(MerkleHash(hexadecimal: Hexadecimal.encode(bytes)) == nil)
    }

    @Test("Of leaves and nodes begin with their prefixes")
    func prefixes() {
        let (left, right) = (MerkleHash.leaf([1]), MerkleHash.leaf([2]))
        #expect(left == .sha256([0x00, 1]))
        #expect(MerkleHash.node(left, right) == .sha256([0x01] + left.bytes + right.bytes))
        #expect(MerkleHash.node(left, right) != .node(right, left))
        #expect(MerkleHash.emptyRoot == .sha256([]))
    }

    @Test("Are the same whichever way the bytes are given", arguments: [0, 1, 55, 56, 63, 64, 65, 1000])
    func ways(_ count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let (one, other) = (Array(bytes[..<(count / 3)]), Array(bytes[(count / 3)...]))
        #expect(MerkleHash.sha256(of: one, other) == .sha256(bytes))
        #expect(other.withUnsafeBytes { MerkleHash.sha256(prefix: one, $0) } == .sha256(bytes))
        #expect(one.withUnsafeBytes { MerkleHash.sha256($0, suffix: other) } == .sha256(bytes))
        #expect(bytes.withUnsafeBytes { MerkleHash.leaf($0) } == .leaf(bytes))
    }

    @Test("Read back from a row of them, and from nothing else")
    func rows() {
        let row = (0..<5).map { MerkleHash.leaf([$0]) }
        #expect(row.joinedBytes == row.flatMap(\.bytes))
        #expect([MerkleHash](joinedBytes: row.joinedBytes) == row)
        #expect([MerkleHash](joinedBytes: []) == [])
        #expect([MerkleHash](joinedBytes: Array(row.joinedBytes.dropLast())) == nil)
        #expect([MerkleHash](joinedBytes: row.joinedBytes + [0]) == nil)
    }
}
