/// Words that say what a number beside them is.
struct ContextWords: Sendable {
    /// Bytes in front that are searched.
    private let before: Int
    /// Bytes behind that are searched.
    private let behind: Int
    /// In lower case.
    private let words: [[UInt8]]
    private let first: ByteSet

    init(_ words: String..., before: Int = 64, behind: Int = 24) {
        self.before = before
        self.behind = behind
        self.words = words.map { $0.utf8.map(Byte.lowercased) }
        var first = ByteSet()
        for word in self.words {
            guard let byte = word.first else { continue }
            first.insert(byte)
            first.insert(Byte.uppercased(byte))
        }
        self.first = first
    }

    /// Whether one of the words stands shortly in front of a place, or shortly behind another.
    func stand(before start: Int, behind end: Int, in text: inout Probe) -> Bool {
        stand(in: max(start - before, 0)..<start, &text) || stand(in: end..<end + behind, &text)
    }

    private func stand(in range: Range<Int>, _ text: inout Probe) -> Bool {
        for place in range where first.contains(text[place]) {
            // A word begins where no letter stands in front; words of other alphabets may begin anywhere.
            guard !Byte.isLetter(text[place - 1]) || Byte.isUpper(text[place]) else { continue }
            for word in words where place + word.count <= range.upperBound {
                var offset = 0
                while offset < word.count, Byte.lowercased(text[place + offset]) == word[offset] { offset += 1 }
                if offset == word.count { return true }
            }
        }
        return false
    }
}
