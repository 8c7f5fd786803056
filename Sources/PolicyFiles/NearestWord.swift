/// Finds the known word that a misspelt one was meant to be.
enum NearestWord {
    /// The known word within a third of the written one's length in edits, the first of the nearest; or nil.
    static func nearest(to word: String, among known: [String]) -> String? {
        let written = Array(word.utf8.prefix(64))
        let allowed = max(1, written.count / 3)
        let best = known.map { (word: $0, edits: edits(written, Array($0.utf8))) }.min { $0.edits < $1.edits }
        return best.flatMap { $0.edits <= allowed ? $0.word : nil }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func edits(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for (row, byte) in one.enumerated() {
            var current = [row + 1]
            for (column, target) in other.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == target ? 0 : 1))
                if row > 0, column > 0, byte == other[column - 1], one[row - 1] == target {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[other.count]
    }
}
