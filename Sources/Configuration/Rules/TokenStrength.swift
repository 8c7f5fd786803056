/// Recognises tokens that nobody made at random.
enum TokenStrength {
    static let minLength = 24
    static let minDistinctCharacters = 10

    /// What is wrong with a token as the end of "item 1 …"; nil when nothing is. Repeats no part of it.
    static func weakness(of token: String) -> String? {
        let letters = Array(token.lowercased().utf8.filter { ASCII.isLetter($0) || ASCII.isDigit($0) })
        let word = String(decoding: letters, as: UTF8.self)
        if exampleWords.contains(word) || exampleParts.contains(where: { word.contains($0) }) {
            return "is an example, not a secret"
        }
        if Set(token.utf8).count == 1 { return "repeats a single character" }
        if token.utf8.count < minLength { return "is shorter than \(minLength) characters" }
        if Set(token.utf8).count < minDistinctCharacters {
            return "has fewer than \(minDistinctCharacters) different characters"
        }
        if isRepetition(Array(token.utf8)) { return "repeats a shorter text" }
        return nil
    }

    /// Words that are a placeholder when they are the whole token.
    private static let exampleWords: Set<String> = [
        "admin", "apikey", "bearer", "default", "demo", "dev", "development", "none", "null", "operator", "pass",
        "secret", "test", "testing", "token", "todo", "xxx",
    ]

    /// Words that no random token holds by chance, at least 7 characters of its alphabet each.
    private static let exampleParts = [
        "changeme", "changethis", "example", "placeholder", "replaceme", "replacethis", "yourtoken", "yoursecret",
        "tokenhere", "secrethere", "insertyour", "password", "letmein", "testtoken", "testsecret", "secrettoken",
        "123456789", "abcdefghi", "qwertyui",
    ]

    /// Whether some text of at most half the length, written again and again, makes the whole.
    private static func isRepetition(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 1 else { return false }
        return (1...bytes.count / 2).contains { period in
            (period..<bytes.count).allSatisfy { bytes[$0] == bytes[$0 - period] }
        }
    }
}
