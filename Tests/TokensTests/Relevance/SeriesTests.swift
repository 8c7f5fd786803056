import Testing

@testable import OrchTokens

@Suite struct SeriesTests {
    @Test func `z-scores of eight numbers with the mean 5 and the deviation 2`() {
        #expect(Series.zScores([2, 4, 4, 4, 5, 5, 7, 9]) == [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2])
    }

    @Test func `what is missing or no number takes no part`() {
        #expect(Series.zScores([4, nil, 6, .nan, .infinity]) == [-1, 0, 1, 0, 0])
        #expect(Series.zScores([nil, nil]) == [0, 0])
        #expect(Series.zScores([]) == [])
    }

    @Test func `equal numbers have the score 0, exactly`() {
        #expect(Series.zScores([0.1, 0.1, 0.1]) == [0, 0, 0])
        #expect(Series.zScores([7]) == [0])
    }

    @Test func `smoothing over one neighbour weighs 1, 2, 1`() {
        #expect(Series.smoothed([0, 0, 6, 0, 0], weights: [1, 1, 1, 1, 1], reach: 1) == [0, 1.5, 3, 1.5, 0])
        #expect(Series.smoothed([3, 0, 0], weights: [1, 1, 1], reach: 1) == [2, 0.75, 0])
    }

    @Test func `heavier neighbours count more`() {
        #expect(Series.smoothed([4, 0], weights: [1, 3], reach: 1) == [8.0 / 5, 4.0 / 7])
    }

    @Test func `without reach, and within equal numbers, nothing changes`() {
        #expect(Series.smoothed([1, 5, 2], weights: [1, 2, 3], reach: 0) == [1, 5, 2])
        #expect(Series.smoothed([2, 2, 2], weights: [1, 2, 3], reach: 9) == [2, 2, 2])
        #expect(Series.smoothed([], weights: [], reach: 3) == [])
    }

    @Test func `spreading reaches from end to end, and puts equal numbers in the middle`() {
        #expect(Series.spread([1, 3, 2], from: 20, to: 50) == [20, 50, 35])
        #expect(Series.spread([4, 4], from: 20, to: 50) == [35, 35])
        #expect(Series.spread([], from: 20, to: 50) == [])
    }
}
