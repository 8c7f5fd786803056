/// How central each sentence is among all: continuous LexRank (Erkan and Radev, 2004), PageRank over the cosines of all
/// pairs of sentences.
///
/// The matrix of cosines is never made. It is X Xᵀ of the sentences' unit vectors, so that a step of the iteration is
/// two passes over the words: linear in their number, whatever the number of pairs.
enum SentenceCentrality {
    private static let damping = 0.85
    private static let iterations = 20

    /// One number for each sentence, with 1 as their mean.
    static func scores(_ vectors: TermVectors) -> [Double] {
        let count = Double(vectors.sentences.count)
        let degrees = neighbours(of: [Double](repeating: 1, count: vectors.sentences.count), vectors)
        var scores = [Double](repeating: 1, count: vectors.sentences.count)
        for _ in 0..<iterations {
            var loose = 0.0
            let shares = zip(scores, degrees).map { score, degree in
                if degree > 0 { return score / degree }
                loose += score
                return 0
            }
            let base = (1 - damping) + damping * loose / count
            scores = neighbours(of: shares, vectors).map { base + damping * $0 }
        }
        return scores
    }

    /// For each sentence the sum over all others of the cosine with it times the other's number.
    private static func neighbours(of numbers: [Double], _ vectors: TermVectors) -> [Double] {
        var sums = vectors.scratch
        for (sentence, number) in zip(vectors.sentences, numbers) {
            for entry in sentence { sums[entry.term] += entry.weight * number }
        }
        return zip(vectors.sentences, numbers).map { sentence, number in
            // Less its own share, word by word, so that a sentence without neighbours comes to 0.
            let sum = sentence.reduce(0) { $0 + $1.weight * (sums[$1.term] - $1.weight * number) }
            return sum > 1e-9 ? sum : 0
        }
    }
}
