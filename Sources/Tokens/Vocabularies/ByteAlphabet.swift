/// The visible characters by which GPT-2's kind of vocabulary writes bytes: `Ġ` for a blank, and so on.
enum ByteAlphabet {
    /// The byte of each of these scalars, by its value below 0x144; 256 and above: none.
    private static let bytes: [UInt16] = {
        var bytes = [UInt16](repeating: 256, count: 0x144)
        var next = 256
        for byte in 0..<256 {
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                bytes[byte] = UInt16(byte)
            } else {
                bytes[next] = UInt16(byte)
                next += 1
            }
        }
        return bytes
    }()

    /// Appends the bytes that a text in the alphabet stands for; false, and nothing appended, where it is not in it.
    static func append(_ text: some Collection<UInt8>, to output: inout [UInt8]) -> Bool {
        let start = output.count
        var iterator = text.makeIterator()
        while let lead = iterator.next() {
            // Every scalar of the alphabet has one or two bytes.
            var value = Int(lead)
            if lead >= 0x80 {
                guard lead & 0xE0 == 0xC0, let second = iterator.next(), second & 0xC0 == 0x80 else {
                    output.removeLast(output.count - start)
                    return false
                }
                value = Int(lead & 0x1F) << 6 | Int(second & 0x3F)
            }
            guard value < bytes.count, bytes[value] < 256 else {
                output.removeLast(output.count - start)
                return false
            }
            output.append(UInt8(truncatingIfNeeded: bytes[value]))
        }
        return true
    }
}
