/// BERT's uncased WordPiece: ids as Hugging Face's `tokenizers` gives them without special tokens added, and with
/// `encode_special_tokens` (special tokens in a text stay text).
package struct WordPieceTokenizer: Sendable {
    /// How many ids there are.
    package let count: Int
    /// The id for words that no pieces make up.
    package let unknown: UInt32
    /// The ids around a text.
    package let start: UInt32
    package let end: UInt32
    /// Words of more scalars are unknown.
    let wordLimit: Int
    private let vocabulary: WordPieceVocabulary

    init(
        count: Int, unknown: UInt32, start: UInt32, end: UInt32, wordLimit: Int, vocabulary: WordPieceVocabulary
    ) {
        self.count = count
        self.unknown = unknown
        self.start = start
        self.end = end
        self.wordLimit = wordLimit
        self.vocabulary = vocabulary
    }

    /// The ids of a text, at most as many as the limit says.
    package func ids(of text: String, limit: Int) -> [UInt32] {
        var text = text
        return text.withUTF8 { ids(of: $0, limit: limit) }
    }

    /// The same of UTF-8.
    package func ids(of bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> [UInt32] {
        var ids: [UInt32] = []
        ids.reserveCapacity(min(bytes.count / 4 + 2, 256))
        var words = BERTWords(bytes, wordLimit: wordLimit)
        var hashes: [UInt32] = []
        while ids.count < limit, words.next() {
            if words.isTooLong {
                ids.append(unknown)
            } else {
                words.word.withUnsafeBufferPointer { append($0, to: &ids, &hashes) }
            }
        }
        if ids.count > limit { ids.removeLast(ids.count - limit) }
        return ids
    }

    /// Appends a word's pieces: from each place the longest that there is. Where there is none, the whole word is
    /// unknown.
    private func append(_ word: UnsafeBufferPointer<UInt8>, to ids: inout [UInt32], _ hashes: inout [UInt32]) {
        let first = ids.count
        var start = 0
        while start < word.count {
            let isContinuing = start > 0
            let length = min(word.count - start, vocabulary.longest)
            hashes.removeAll(keepingCapacity: true)
            var hash = isContinuing ? WordPieceVocabulary.continuing : WordPieceVocabulary.beginning
            for index in start..<start + length {
                hash = WordPieceVocabulary.step(hash, word[index])
                hashes.append(hash)
            }
            var end = start + length
            var found: UInt32?
            while end > start {
                // A piece ends where a scalar does.
                if end == word.count || word[end] & 0xC0 != 0x80 {
                    found = vocabulary.id(
                        UnsafeBufferPointer(rebasing: word[start..<end]), hash: hashes[end - start - 1],
                        isContinuing: isContinuing)
                    if found != nil { break }
                }
                end -= 1
            }
            guard let found else {
                ids.removeLast(ids.count - first)
                ids.append(unknown)
                return
            }
            ids.append(found)
            start = end
        }
    }
}
