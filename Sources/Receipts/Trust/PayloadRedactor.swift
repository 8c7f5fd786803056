package import OrchCore

/// Shows a payload without what may be a secret or somebody's text.
///
/// Steps hold neither; this is for the day on which one does by mistake.
package struct PayloadRedactor: Sendable {
    /// Stands for a value that is not shown.
    package static let mark = "<redacted>"
    /// Stands behind the beginning of a value that is too long.
    package static let cutMark = "...<truncated>"

    private let maximumCharacters: Int
    private let redact: Redact

    /// - Parameters:
    ///   - maximumCharacters: Longer texts are cut.
    ///   - redact: A text that it changes is not shown.
    package init(maximumCharacters: Int, redact: @escaping Redact) {
        self.maximumCharacters = maximumCharacters
        self.redact = redact
    }

    /// What may be shown of a payload.
    ///
    /// - Parameter showsHashes: Whether a SHA-256 may stand under any key, as in a `policy_snapshot`; else it is shown
    ///   under keys that end in `hash` or `sha256` only, since a token may look like one.
    /// - Returns: The object, and how many of its values are not shown, or not whole.
    package func redact(_ payload: JSONObject, showsHashes: Bool = false) -> (shown: JSONObject, redactions: Int) {
        var redactions = 0
        let shown = object(payload, showsHashes, &redactions)
        return (shown, redactions)
    }

    private func object(_ object: JSONObject, _ showsHashes: Bool, _ redactions: inout Int) -> JSONObject {
        JSONObject(
            object.members.map { member in
                let key = PayloadKey(member.key)
                return JSONObject.Member(
                    key: member.key, value: value(member.value, key, showsHashes || key.namesHash, &redactions))
            })
    }

    private func value(
        _ value: JSONValue, _ key: PayloadKey, _ showsHashes: Bool, _ redactions: inout Int
    ) -> JSONValue {
        switch value {
        case .null, .bool:
            return value
        case .integer, .number:
            guard key.namesSecretNumber else { return value }
        case .string(let text):
            guard !key.namesText, redact(text) == text, !Credential.isLikely(in: text, showsHashes: showsHashes)
            else { break }
            guard let end = text.index(text.startIndex, offsetBy: maximumCharacters, limitedBy: text.endIndex),
                end < text.endIndex
            else { return value }
            redactions += 1
            return .string(text[..<end] + Self.cutMark)
        case .array(let elements):
            guard key.namesText else {
                return .array(elements.map { self.value($0, key, showsHashes, &redactions) })
            }
        case .object(let object):
            guard key.namesText else { return .object(self.object(object, showsHashes, &redactions)) }
        }
        redactions += 1
        return .string(Self.mark)
    }
}

/// What a key says of its value, by the words that it is made of.
private struct PayloadKey {
    /// The value is a secret or a text. Counts are none: `prompt_tokens` is shown if it is a number.
    let namesText: Bool
    /// The value is a secret even if it is a number.
    let namesSecretNumber: Bool
    let namesHash: Bool

    private static let secrets: Set<String> = [
        "auth", "authorization", "bearer", "cookie", "cookies", "credential", "credentials", "key", "keys",
        "passphrase",
        "passwd", "password", "passwords", "pwd", "salt", "secret", "secrets", "token",
    ]
    private static let texts: Set<String> = [
        "answer", "arg", "args", "argument", "arguments", "body", "content", "contents", "detail", "details", "email",
        "input", "inputs", "message", "messages", "note", "notes", "output", "outputs", "param", "parameter",
        "parameters", "params", "prompt", "prompts", "query", "question", "text", "texts", "tokens",
    ]
    /// Of words that are written as one.
    private static let parts = ["apikey", "password", "passphrase", "secret", "credential", "authoriz", "accesstoken"]

    init(_ key: String) {
        let words = Self.words(of: key)
        func isSecret(_ word: String) -> Bool {
            Self.secrets.contains(word) || Self.parts.contains(where: word.contains)
        }
        namesText = words.contains { isSecret($0) || Self.texts.contains($0) }
        namesSecretNumber = words.last.map(isSecret) ?? false
        namesHash = words.last == "hash" || words.last == "sha256"
    }

    /// `api_key`, `apiKey` and `API-Key` are all `api` and `key`.
    private static func words(of key: String) -> [String] {
        var words = [""]
        let characters = Array(key)
        for (place, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                words.append("")
                continue
            }
            if character.isUppercase, place > 0 {
                let followsSmall = characters[place - 1].isLowercase || characters[place - 1].isNumber
                let beginsWord = place + 1 < characters.count && characters[place + 1].isLowercase
                if followsSmall || beginsWord { words.append("") }
            }
            words[words.count - 1] += character.lowercased()
        }
        return words.filter { !$0.isEmpty }
    }
}
