import Testing

struct SHA256Tests {
    @Test func `the hash of the golden values is the standard's`() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hexadecimal(Array("abc".utf8)) == expected)
    }
}
