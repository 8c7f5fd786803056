/// Texts cut into sentences, with all that choosing among them needs.
struct SummarySource {
    struct Unit {
        /// Verbatim.
        var text: Substring
        var kind: Sentence.Kind
        /// The numbers of the pinned keywords in it, ascending.
        var keywords: [Int]
        /// How many words it has that are no function words.
        var tellingWords: Int
    }

    /// In the order of the texts; without what has no words.
    let units: [Unit]
    let vectors: TermVectors

    init(_ texts: [String], pinned: PinnedKeywords, limit: Int) {
        var units: [Unit] = []
        var words: [[String]] = []
        for text in texts {
            var text = text
            text.makeContiguousUTF8()
            for sentence in SentenceSplitter.sentences(of: text, limit: limit) {
                let slice = text.utf8Slice(sentence.range)
                let own = Words.all(in: slice)
                if own.isEmpty { continue }
                words.append(own)
                units.append(
                    Unit(
                        text: slice, kind: sentence.kind, keywords: pinned.found(in: own, of: slice),
                        tellingWords: own.count { !StopWords.contain($0) }))
            }
        }
        self.units = units
        vectors = TermVectors(words)
    }

    /// How much each unit should be in a summary, for its words alone: its centrality, less for what is too short to
    /// say something by itself, and for code and headings, which say little out of their place.
    func centralities() -> [Double] {
        zip(SentenceCentrality.scores(vectors), units).map { score, unit in
            let length = min(Double(unit.tellingWords) / Double(Self.fullLength), 1)
            return score * length * (unit.kind == .prose ? 1 : 0.5)
        }
    }

    /// Units of fewer telling words count for less.
    private static let fullLength = 6
}
