import OrchCore

/// Finds what looks like a credential inside of a text. It guesses, and rather once too often.
///
/// Goes beyond the scrubber, which wants a form or words around it: a panel's values have neither, and a value too many
/// that is hidden there costs nothing.
enum Credential {
    /// Letters and digits from which on a run may be a key.
    private static let minimumLength = 24
    /// Hexadecimal digits from which on a run is one.
    private static let minimumHexadecimal = 32
    /// Behind these, a run of 4 or more is a key.
    private static let prefixes = [
        "sk-", "sk_", "pk_", "rk_", "hf_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA",
        "ASIA", "AIza", "eyJ",
    ].map { Array($0.utf8) }
    /// What stands before a secret, with `:` or `=` between.
    private static let names: Set<String> = [
        "access_token", "api_key", "apikey", "authorization", "passwd", "password", "pwd", "secret", "token",
    ]

    /// - Parameter showsHashes: Whether 64 lower-case hexadecimal digits are a hash, and none.
    static func isLikely(in text: String, showsHashes: Bool) -> Bool {
        let bytes = Array(text.utf8)
        var start = bytes.startIndex
        var previous: (word: String, separators: ArraySlice<UInt8>)?
        var end = start
        while start < bytes.count {
            guard isPart(bytes[start]) else {
                start += 1
                continue
            }
            let separators = bytes[end..<start]
            end = bytes[start...].firstIndex { !isPart($0) } ?? bytes.endIndex
            let run = bytes[start..<end]
            if let previous, follows(previous.word, separators) { return true }
            if isKey(run, showsHashes: showsHashes) { return true }
            previous = (String(decoding: run, as: UTF8.self).lowercased(), separators)
            start = end
        }
        return false
    }

    /// Whether what comes behind a word and these separators is a secret.
    private static func follows(_ word: String, _ separators: ArraySlice<UInt8>) -> Bool {
        if word == "bearer" { return true }
        return names.contains(word) && separators.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }
    }

    private static func isKey(_ run: ArraySlice<UInt8>, showsHashes: Bool) -> Bool {
        if prefixes.contains(where: { run.starts(with: $0) && run.count >= $0.count + 4 }) { return true }
        // The armour of PEM.
        if run.starts(with: "-----BEGIN".utf8) { return true }
        let text = String(decoding: run, as: UTF8.self)
        guard TraceID(text) == nil else { return false }
        if showsHashes, MerkleHash(hexadecimal: text) != nil { return false }
        return isHexadecimal(run) || isRandom(run)
    }

    private static func isHexadecimal(_ run: ArraySlice<UInt8>) -> Bool {
        run.count >= minimumHexadecimal && run.allSatisfy { Hexadecimal.value($0) != nil }
    }

    /// Whether letters and digits change places as often as in a text that was drawn by lot. Words with capitals and
    /// names of models with versions do not come near it.
    private static func isRandom(_ run: ArraySlice<UInt8>) -> Bool {
        let classes = run.map(Class.init)
        let length = classes.count { $0 != .other }
        guard length >= minimumLength else { return false }
        let changes = zip(classes, classes.dropFirst()).count { one, next in
            switch (one, next) {
            case (.small, .capital), (.digit, .small), (.digit, .capital), (.small, .digit), (.capital, .digit): true
            default: false
            }
        }
        return changes * 4 >= length
    }

    private enum Class {
        case small, capital, digit, other

        init(_ byte: UInt8) {
            switch byte {
            case 0x61...0x7A: self = .small
            case 0x41...0x5A: self = .capital
            case 0x30...0x39: self = .digit
            default: self = .other
            }
        }
    }

    /// Letters, digits, and what keys are made of besides; not what separates the parts of addresses and names.
    private static func isPart(_ byte: UInt8) -> Bool {
        Class(byte) != .other || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+")
    }
}
