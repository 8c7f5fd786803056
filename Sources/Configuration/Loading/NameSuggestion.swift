/// Finds the name that was probably meant.
enum NameSuggestion {
    /// Longer names are not compared.
    static let lengthLimit = 100

    /// The known name with the fewest changes to `name`, where these are few for its length. Case does not count, nor
    /// does the prefix `ORCH_`, which all share.
    static func nearest(to name: String, among known: [String]) -> String? {
        guard name.utf8.count <= lengthLimit else { return nil }
        let wanted = significant(name)
        let limit = max(1, min(4, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in known {
            let bytes = significant(candidate)
            guard abs(bytes.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, bytes)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The Damerau-Levenshtein distance in its restricted form: insertions, deletions, substitutions, and swaps of
    /// neighbours that are not changed again.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, a) in left.enumerated() {
            var current = [row + 1]
            for (column, b) in right.enumerated() {
                var best = min(last[column] + (a == b ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }

    private static func significant(_ name: String) -> [UInt8] {
        let upper = name.uppercased()
        return Array((upper.hasPrefix("ORCH_") ? upper.dropFirst(5) : upper[...]).utf8)
    }
}
