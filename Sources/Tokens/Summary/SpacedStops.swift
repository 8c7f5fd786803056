/// Full stops that stand by themselves, as transcripts and tokenised texts set them: " . ". They end a sentence unless
/// a small letter or more stops follow.
enum SpacedStops {
    /// The ends of the sentences, in bytes, ascending.
    static func ends(in bytes: [UInt8], line: Range<Int>) -> [Int] {
        line.filter { place in
            guard bytes[place] == UInt8(ascii: "."), place > line.lowerBound, isSpace(bytes[place - 1]) else {
                return false
            }
            let after = bytes[place + 1..<line.upperBound]
            guard let first = after.first else { return true }
            guard isSpace(first), let next = after.prefix(4).first(where: { !isSpace($0) }) else { return false }
            return next != UInt8(ascii: ".") && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next)
        }.map { $0 + 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
