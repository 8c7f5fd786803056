/// Eight bytes looked at as one word.
private enum Word {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Has a high bit where a byte of the word is this one; above the lowest such bit others may be wrong.
    @inline(__always)
    static func marks(_ byte: UInt64, in word: UInt64) -> UInt64 {
        let difference = word ^ (ones &* byte)
        return (difference &- ones) & ~difference
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Where the first byte stands, from some place on, that no JSON string holds as it is: a quote, a backslash, or a
    /// control character; ``count`` where there is none.
    ///
    /// - Parameter asciiOnly: Whether a byte beyond ASCII ends the search, too.
    @inline(__always)
    func endOfPlainText(from start: Int, asciiOnly: Bool) -> Int {
        let raw = UnsafeRawBufferPointer(self)
        var index = start
        while index + 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            var special = (word &- Word.ones &* 0x20) & ~word
            special |= Word.marks(0x22, in: word) | Word.marks(0x5C, in: word)
            if asciiOnly { special |= word }
            if special & Word.highs != 0 { break }
            index += 8
        }
        while index < count {
            let byte = self[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || asciiOnly && byte >= 0x80 {
                return index
            }
            index += 1
        }
        return index
    }

    /// Where the first CR or LF stands, from some place on; ``count`` where there is none.
    package func endOfLine(from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(self)
        var index = start
        while index + 8 <= count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if (Word.marks(0x0A, in: word) | Word.marks(0x0D, in: word)) & Word.highs != 0 { break }
            index += 8
        }
        while index < count, self[index] != 0x0A, self[index] != 0x0D { index += 1 }
        return index
    }
}
