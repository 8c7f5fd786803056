import Testing

@testable import OrchTokens

@Suite struct TextDigestTests {
    private static let key = TextDigest.Key(first: 0x0706_0504_0302_0100, second: 0x0F0E_0D0C_0B0A_0908)

    /// `vectors_sip128` of the reference implementation, whose texts are the bytes 0, 1, 2 and so on; checked with
    /// `openssl mac -macopt size:16 SIPHASH`.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (9, "264499060ad9baabc47f8b02bb6d71ed"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (16, "6ee2a4ca67b054bbfd3315bf85230577"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ])
    func `it is SipHash-2-4 with 128 bits`(length: Int, expected: String) {
        let digest = Array(0..<UInt8(length)).withUnsafeBufferPointer { TextDigest($0, key: Self.key) }
        let bytes = [digest.low, digest.high].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hexadecimal == expected)
    }

    @Test func `texts and their bytes have one digest, other keys another`() {
        let bytes = Array("naïve 漢字".utf8)
        let digest = TextDigest("naïve 漢字", key: Self.key)
        #expect(bytes.withUnsafeBufferPointer { TextDigest($0, key: Self.key) } == digest)
        #expect(TextDigest("naïve 漢字", key: TextDigest.Key(first: 1, second: 2)) != digest)
    }
}
