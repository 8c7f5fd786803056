extension Collection<UInt8> {
    /// How many bytes at the start are whole characters of UTF-8; all of them where the text is valid.
    package var validUTF8Prefix: Int {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = makeIterator()
        var length = 0
        while case .valid(let encoded) = parser.parseScalar(from: &iterator) { length += encoded.count }
        return length
    }
}
