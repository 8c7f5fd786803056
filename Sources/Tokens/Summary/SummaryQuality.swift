/// How well a summary stands for its source. All from 0 to 1.
package struct SummaryQuality: Sendable, Equatable {
    /// Under it the confidence score is a warning.
    package static let confidenceThreshold = 0.7
    /// How many of the source's keywords coverage looks at.
    package static let keywordLimit = 20
    /// From this cosine on, by the words and how rare they are, a sentence is like another.
    package static let captureCosine = 0.3

    /// The share of the source's 20 keywords that are in the summary: the words that it has most often, times how rare
    /// they are among its sentences. 1 where it has none.
    package let keywordCoverage: Double
    /// The summary's tokens by the source's; 0 where the source has none.
    package let compressionRatio: Double
    /// The share of the source's sentences that the summary has or has a like of; those with function words only do not
    /// count. 1 where there are none.
    package let sentenceCapture: Double
    /// `summary_confidence_score`: the share of the pinned keywords that are in the summary. 1 where none is pinned.
    package let confidenceScore: Double

    /// Whether the confidence is to be warned of.
    package var isDoubtful: Bool { confidenceScore < Self.confidenceThreshold }

    package init(
        keywordCoverage: Double, compressionRatio: Double, sentenceCapture: Double, confidenceScore: Double
    ) {
        self.keywordCoverage = keywordCoverage
        self.compressionRatio = compressionRatio
        self.sentenceCapture = sentenceCapture
        self.confidenceScore = confidenceScore
    }

    /// - Parameter chosen: The units of the source that make the summary.
    init(_ source: SummarySource, chosen: [Int], pinned: PinnedKeywords, summaryTokens: Int, sourceTokens: Int) {
        let terms = Set(chosen.flatMap { source.vectors.sentences[$0].map(\.term) })
        let keyTerms = source.vectors.keyTerms(Self.keywordLimit)
        let keywords = Set(chosen.flatMap { source.units[$0].keywords })
        self.init(
            keywordCoverage: Self.share(keyTerms.count { terms.contains($0) }, of: keyTerms.count),
            compressionRatio: sourceTokens > 0 ? Double(summaryTokens) / Double(sourceTokens) : 0,
            sentenceCapture: Self.capture(of: source.vectors, by: chosen),
            confidenceScore: Self.share(keywords.count, of: pinned.keywords.count))
    }

    private static func capture(of vectors: TermVectors, by chosen: [Int]) -> Double {
        let telling = vectors.sentences.indices.filter { !vectors.sentences[$0].isEmpty }
        var open = telling
        var scratch = vectors.scratch
        for unit in chosen {
            let cosines = vectors.cosines(of: unit, with: open, scratch: &scratch)
            open = zip(open, cosines).filter { $0 != unit && $1 < captureCosine }.map(\.0)
        }
        return share(telling.count - open.count, of: telling.count)
    }

    private static func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 1 }
}
