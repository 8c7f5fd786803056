import Synchronization

/// Decides by its key whether a value may be written to the log.
///
/// A guard behind the rule that nobody logs such values in the first place. Keys are compared as words in snake case,
/// so `apiKey`, `X-Api-Key` and `provider.api_key` are all `api_key`; a word of the list in front of a dot or at the
/// end counts, so that `prompt.text` and `system_prompt` are refused and `prompt_tokens` is not.
enum LogRedaction {
    static let replacement = "[redacted]"

    static let denied: Set<String> = [
        // Credentials
        "authorization", "proxy_authorization", "cookie", "cookies", "set_cookie", "token", "bearer", "secret",
        "secrets", "password", "passwd", "passphrase", "credential", "credentials", "api_key", "apikey", "private_key",
        "signing_key", "access_key", "secret_key", "session_id", "headers",
        // What people and models say
        "prompt", "prompts", "content", "contents", "messages", "completion", "completions", "answer", "answers",
        "input", "output", "text", "body", "instructions",
        // What tools get and give
        "argument", "arguments", "args", "parameters", "params", "tool_result",
        // Where data hides in addresses
        "uri", "url", "query", "query_string", "fragment", "referer", "request_path", "raw_path",
    ]

    /// Decisions made before: keys are words of the program, so that a few hundred answers serve for ever.
    private static let decisions = Mutex<[String: Bool]>([:])
    private static let maximumDecisions = 1024

    /// Whether a value under this key is replaced.
    static func isDenied(_ key: String) -> Bool {
        if let known = decisions.withLock({ $0[key] }) { return known }
        let answer = decide(key)
        guard key.utf8.count <= LogFields.maximumKeyLength else { return answer }
        decisions.withLock { if $0.count < maximumDecisions { $0[key] = answer } }
        return answer
    }

    private static func decide(_ key: String) -> Bool {
        let (words, ends) = normalized(key)
        return ends.contains { end in
            // Every word may be the first of an entry: `http_request_path` holds `request_path`.
            words[..<end].indices.contains { denied.contains(words[$0..<end].joined(separator: "_")) }
        }
    }

    /// The words of a key in lower case, and the numbers of words after which a dot or the end comes.
    private static func normalized(_ key: String) -> (words: [String], ends: [Int]) {
        var words: [String] = []
        var ends: [Int] = []
        var word = ""
        var previous: Unicode.Scalar = "_"
        func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) }
        func finish() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        let scalars = Array(key.unicodeScalars.prefix(LogFields.maximumKeyLength))
        for (index, scalar) in scalars.enumerated() {
            let isUpper = ("A"..."Z").contains(scalar)
            let nextIsLower = index + 1 < scalars.count && ("a"..."z").contains(scalars[index + 1])
            if isUpper, isLower(previous) || (("A"..."Z").contains(previous) && nextIsLower) { finish() }
            if isUpper || isLower(scalar) || !scalar.isASCII {
                word += scalar.properties.lowercaseMapping
            } else {
                finish()
                if scalar == "." { ends.append(words.count) }
            }
            previous = scalar
        }
        finish()
        return (words, ends + [words.count])
    }
}
