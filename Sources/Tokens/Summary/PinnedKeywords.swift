/// Words that a summary should not lose.
package struct PinnedKeywords: Sendable, Equatable {
    package static let none = PinnedKeywords([])
    /// How many there are at most; more are left out.
    package static let maximum = 32

    /// Each once, in their order. A keyword may be of several words; one without any is left out.
    package let keywords: [String]
    private let words: [[String]]

    package init(_ keywords: [String]) {
        var (kept, words): ([String], [[String]]) = ([], [])
        for keyword in keywords where kept.count < Self.maximum {
            let parts = Words.all(in: keyword)
            guard !parts.isEmpty, !words.contains(parts) else { continue }
            kept.append(keyword)
            words.append(parts)
        }
        self.keywords = kept
        self.words = words
    }

    /// The words of pinned texts that tell most of what these and the other texts have in common: how often they are in
    /// the pinned ones, times how rare among the others' sentences. Words that the others do not have are none, as they
    /// cannot get lost with them.
    package init(extractedFrom pinned: [String], lostWith others: [String], limit: Int = 12) {
        let sentences = others.flatMap { text in
            SentenceSplitter.sentences(of: text, limit: ExtractiveSummarizer.longestSentence)
                .map { Words.all(in: text.utf8Slice($0.range)) }
        }
        let vectors = TermVectors(sentences)
        var counts: [Int: Int] = [:]
        var found: [(term: Int, word: String)] = []
        for text in pinned {
            Words.forEach(in: text) { word in
                guard let term = vectors.numbers[word] else { return }
                if counts[term] == nil { found.append((term, word)) }
                counts[term, default: 0] += 1
            }
        }
        let weighted = found.map { (word: $0.word, weight: Double(counts[$0.term] ?? 0) * vectors.rarities[$0.term]) }
        let best = weighted.indices.sorted { (weighted[$1].weight, $0) < (weighted[$0].weight, $1) }
        self.init(best.prefix(max(limit, 0)).map { weighted[$0].word })
    }

    /// The numbers of the keywords that a text has, ascending: their words in a row, whatever their case.
    ///
    /// - Parameter textWords: Those of the text, as ``Words`` gives them.
    func found(in textWords: [String], of text: Substring) -> [Int] {
        guard !words.isEmpty else { return [] }
        var places: [String: [Int]] = [:]
        for (place, word) in textWords.enumerated() { places[word, default: []].append(place) }
        return words.indices.filter { number in
            let keyword = words[number]
            if let starts = places[keyword[0]] {
                return starts.contains { textWords[$0...].starts(with: keyword) }
            }
            // One character of a script without spaces is in no pair by itself.
            guard keyword.count == 1, let only = keyword[0].unicodeScalars.first, keyword[0].unicodeScalars.count == 1,
                !only.isASCII
            else { return false }
            return text.unicodeScalars.contains(only)
        }
    }
}

extension String {
    /// What stands between two offsets of the UTF-8.
    func utf8Slice(_ range: Range<Int>) -> Substring {
        self[utf8.index(startIndex, offsetBy: range.lowerBound)..<utf8.index(startIndex, offsetBy: range.upperBound)]
    }
}
