/// Cuts what is too long for a sentence: after a line, else a clause, else a word, else a character, the last one that
/// leaves a piece of at least half the limit.
enum SentencePieces {
    /// The pieces in their order, without gaps and none over the limit.
    static func pieces(of range: Range<Int>, in bytes: [UInt8], _ limit: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        while range.upperBound - start > limit {
            let end = self.end(ofPieceFrom: start, in: bytes[..<range.upperBound], limit)
            pieces.append(start..<end)
            start = end
        }
        pieces.append(start..<range.upperBound)
        return pieces
    }

    private static func end(ofPieceFrom start: Int, in bytes: ArraySlice<UInt8>, _ limit: Int) -> Int {
        let window = start + limit / 2..<start + limit
        if let line = bytes[window].lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) { return line + 1 }
        var (word, clause): (Int?, Int?)
        for place in window {
            let byte = bytes[place]
            if byte == 0x20 || byte == 0x09 {
                word = place + 1
                if [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":")].contains(bytes[place - 1]) {
                    clause = word
                }
            } else if place + 3 <= window.upperBound, byte == 0xE3 || byte == 0xEF,
                isWideComma(bytes[place..<place + 3])
            {
                clause = place + 3
            }
        }
        return clause ?? word ?? characterEnd(from: start, in: bytes, limit)
    }

    /// The ideographic comma, and the wide comma, colon and semicolon.
    private static func isWideComma(_ bytes: ArraySlice<UInt8>) -> Bool {
        [[0xE3, 0x80, 0x81], [0xEF, 0xBC, 0x8C], [0xEF, 0xBC, 0x9A], [0xEF, 0xBC, 0x9B]].contains(Array(bytes))
    }

    /// Where the last character ends that fits; in a character beyond the limit, where its last scalar does.
    private static func characterEnd(from start: Int, in bytes: ArraySlice<UInt8>, _ limit: Int) -> Int {
        // One scalar more than fits, to see whether the last character ends there.
        var bound = min(start + limit, bytes.endIndex)
        while bound > start + 1, bound < bytes.endIndex, bytes[bound] & 0xC0 == 0x80 { bound -= 1 }
        var after = min(bound + 1, bytes.endIndex)
        while after < bytes.endIndex, bytes[after] & 0xC0 == 0x80 { after += 1 }
        var end = start
        for character in String(decoding: bytes[start..<after], as: UTF8.self) {
            let next = end + character.utf8.count
            if next > bound { break }
            end = next
        }
        return end > start ? end : bound
    }
}
