/// Cuts text to a number of Unicode scalars without cutting a character in two.
struct OutputCap: Sendable {
    let maximumCharacters: Int

    /// The text, or its beginning; the count of all its scalars; and whether it was cut.
    func apply(to text: String) -> (text: String, characters: Int, truncated: Bool) {
        let characters = text.unicodeScalars.count
        guard characters > maximumCharacters else { return (text, characters, false) }
        var end = text.startIndex
        var kept = 0
        while end < text.endIndex {
            let next = text.index(after: end)
            kept += text.unicodeScalars.distance(from: end, to: next)
            if kept > maximumCharacters { break }
            end = next
        }
        // One character alone can be longer than the cap; then it is cut.
        if end == text.startIndex { end = text.unicodeScalars.index(end, offsetBy: max(0, maximumCharacters)) }
        return (String(text[..<end]), characters, true)
    }
}
