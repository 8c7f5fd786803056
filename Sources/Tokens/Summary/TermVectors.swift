/// Sentences as unit vectors over their words, weighted by how often a word is in the sentence and how rare it is among
/// sentences (TF-IDF). Words are numbered by their first place, so that the same text gives the same bits.
struct TermVectors {
    struct Entry {
        var term: Int
        var weight: Double
    }

    /// Of each sentence, in the order of terms; empty where it has function words only.
    let sentences: [[Entry]]
    /// How often each term is there in all.
    let counts: [Int]
    /// How rare each term is among the sentences.
    let rarities: [Double]
    let numbers: [String: Int]

    /// - Parameter words: Of each sentence, as ``Words`` gives them.
    init(_ words: [[String]]) {
        var numbers: [String: Int] = [:]
        var counts: [Int] = []
        var frequencies: [Int] = []
        let terms = words.map { words in
            var terms: [Int] = []
            for word in words where !StopWords.contain(word) {
                let term = numbers[word] ?? numbers.count
                if term == counts.count {
                    numbers[word] = term
                    counts.append(0)
                    frequencies.append(0)
                }
                terms.append(term)
            }
            terms.sort()
            return terms
        }
        let bags = terms.map { terms in
            var bag: [(term: Int, count: Int)] = []
            for term in terms {
                if let last = bag.last, last.term == term {
                    bag[bag.count - 1].count += 1
                } else {
                    bag.append((term, 1))
                }
            }
            for (term, count) in bag {
                counts[term] += count
                frequencies[term] += 1
            }
            return bag
        }
        let rarities = frequencies.map { WordOverlap.rarity(in: $0, of: words.count) }
        sentences = bags.map { bag in
            let weights = bag.map { Double($0.count) * rarities[$0.term] }
            let length = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return zip(bag, weights).map { Entry(term: $0.term, weight: length > 0 ? $1 / length : 0) }
        }
        self.counts = counts
        self.rarities = rarities
        self.numbers = numbers
    }

    /// The cosine of one sentence with each of the others named, in their order; linear in their length.
    func cosines(of sentence: Int, with others: [Int], scratch: inout [Double]) -> [Double] {
        for entry in sentences[sentence] { scratch[entry.term] = entry.weight }
        defer { for entry in sentences[sentence] { scratch[entry.term] = 0 } }
        return others.map { other in sentences[other].reduce(0) { $0 + $1.weight * scratch[$1.term] } }
    }

    /// Zeros for ``cosines(of:with:scratch:)``, one for each term.
    var scratch: [Double] { [Double](repeating: 0, count: counts.count) }

    /// How much each term tells of what the whole is about: how often it is there, times how rare among sentences.
    var keyWeights: [Double] { zip(counts, rarities).map { Double($0) * $1 } }

    /// The terms that tell most.
    func keyTerms(_ limit: Int) -> [Int] {
        let weights = keyWeights
        return Array(weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(limit))
    }
}
