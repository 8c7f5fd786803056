/// The lines of a rank file, decoded.
struct RankLines {
    /// Every token's bytes, in the order of the lines.
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [UInt32] = [0]
    private var ranks: [UInt32] = []

    var count: Int { ranks.count }

    /// Reads all lines; answers the first fault.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> TokenizerError? {
        bytes.reserveCapacity(text.count / 2)
        ranks.reserveCapacity(min(text.count / 12, VocabularyLimits.tokens))
        offsets.reserveCapacity(min(text.count / 12, VocabularyLimits.tokens))
        var place = 0
        while place < text.count {
            guard count < VocabularyLimits.tokens else {
                return .invalid("the file has more than \(VocabularyLimits.tokens) tokens")
            }
            guard let next = readLine(text, from: place) else {
                return fault(text, place)
            }
            place = next
        }
        return count == 0 ? .invalid("the file is empty") : nil
    }

    /// The lines' numbers, from 0, in the order of their ranks.
    func byRank() throws(TokenizerError) -> [Int] {
        var lines = [Int](repeating: -1, count: count)
        for (line, rank) in ranks.enumerated() {
            guard rank < count else {
                throw .invalid("line \(line + 1): the rank \(rank) is too high for a file of \(count) tokens")
            }
            guard lines[Int(rank)] < 0 else {
                throw .invalid("line \(line + 1): line \(lines[Int(rank)] + 1) has the rank \(rank) too")
            }
            lines[Int(rank)] = line
        }
        return lines
    }

    /// Where the line after one begins; nil where the line is not a token, a blank and a rank.
    private mutating func readLine(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard var place = readToken(text, from: start), place < text.count, text[place] == 0x20 else { return nil }
        place += 1
        let digits = place
        var rank = 0
        while place < text.count, case let digit = text[place] &- 0x30, digit < 10, place - digits < 8 {
            rank = rank * 10 + Int(digit)
            place += 1
        }
        guard place > digits else { return nil }
        if place < text.count, text[place] == 0x0D { place += 1 }
        guard place == text.count || text[place] == 0x0A else { return nil }
        offsets.append(UInt32(bytes.count))
        ranks.append(UInt32(rank))
        return place + 1
    }

    /// Appends a token's bytes; where its base 64 ends.
    private mutating func readToken(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var place = start
        var bits: UInt32 = 0
        let first = bytes.count
        while place + 4 <= text.count, text[place] != 0x20 {
            var padding = 0
            for offset in 0..<4 {
                let value = Self.values[Int(text[place + offset])]
                if value == Self.pad, offset >= 2 {
                    padding += 1
                    bits <<= 6
                } else if value < 64, padding == 0 {
                    bits = bits << 6 | UInt32(value)
                } else {
                    return nil
                }
            }
            place += 4
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 8)) }
            if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
            // Bits beyond the last byte are not used: two texts must not mean the same bytes.
            if padding > 0 {
                guard bits & (padding == 2 ? 0xFFFF : 0xFF) == 0, place < text.count, text[place] == 0x20 else {
                    return nil
                }
                break
            }
            bits = 0
        }
        let length = bytes.count - first
        return length > 0 && length <= VocabularyLimits.tokenBytes ? place : nil
    }

    /// What is wrong with the line at a place.
    private func fault(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> TokenizerError {
        let end = text[start...].firstIndex(of: 0x0A) ?? text.count
        if end - start > VocabularyLimits.tokenBytes {
            return .invalid("line \(count + 1): a token has more than \(VocabularyLimits.tokenBytes) bytes")
        }
        return .invalid("line \(count + 1): not a token in base 64, a blank and a rank")
    }

    private static let pad: UInt8 = 64

    /// The value of each digit of base 64; 64 for the padding, 255 for any other byte.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()
}
