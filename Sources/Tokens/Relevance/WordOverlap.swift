/// How much texts share of a question's words, by how rare these are among the texts: Okapi BM25 (Robertson and
/// Zaragoza, "The Probabilistic Relevance Framework", 2009), with the inverse document frequency
/// ln(1 + (N - n + 0.5) / (n + 0.5)), which is never negative.
struct WordOverlap {
    /// How fast repetitions of a word stop counting, and how much a text's length counts against it: the usual ones.
    private static let saturation = 1.2
    private static let lengthShare = 0.75

    /// One for each text.
    let scores: [Double]
    /// How many words each text has, function words among them.
    let lengths: [Int]

    /// Linear in the length of all. Function words of the question count only where it has no other.
    init(of texts: [String], with question: String) {
        let terms = Self.terms(of: question)
        var postings: [[(term: Int, count: Int)]] = []
        postings.reserveCapacity(texts.count)
        var lengths: [Int] = []
        lengths.reserveCapacity(texts.count)
        var frequencies = [Int](repeating: 0, count: terms.count)
        var counts = frequencies
        for text in texts {
            var (length, found) = (0, [Int]())
            Words.forEach(in: text) { word in
                length += 1
                guard let term = terms[word] else { return }
                if counts[term] == 0 { found.append(term) }
                counts[term] += 1
            }
            found.sort()
            postings.append(found.map { ($0, counts[$0]) })
            for term in found {
                frequencies[term] += 1
                counts[term] = 0
            }
            lengths.append(length)
        }
        self.lengths = lengths
        let mean = Double(max(lengths.reduce(0, +), 1)) / Double(max(texts.count, 1))
        let weights = frequencies.map { Self.rarity(in: $0, of: texts.count) }
        scores = zip(postings, lengths).map { postings, length in
            let norm = Self.saturation * (1 - Self.lengthShare + Self.lengthShare * Double(length) / mean)
            return postings.reduce(0) { sum, posting in
                let count = Double(posting.count)
                return sum + weights[posting.term] * count * (Self.saturation + 1) / (count + norm)
            }
        }
    }

    /// The weight of a word that is in so many of the texts.
    static func rarity(in count: Int, of total: Int) -> Double {
        FixedLogarithm.of(1 + (Double(total - count) + 0.5) / (Double(count) + 0.5))
    }

    /// The question's words, each numbered by its first place.
    private static func terms(of question: String) -> [String: Int] {
        let words = Words.all(in: question)
        let telling = words.filter { !StopWords.contain($0) }
        var terms: [String: Int] = [:]
        for word in telling.isEmpty ? words : telling where terms[word] == nil { terms[word] = terms.count }
        return terms
    }
}
