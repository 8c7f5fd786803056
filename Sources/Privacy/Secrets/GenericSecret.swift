/// Values of unknown make, assigned to a name that says that they are secret.
enum GenericSecret {
    /// Words in a name that make its value a key or a token.
    private static let keyNames = [
        "token", "secret", "api_key", "api-key", "apikey", "api key", "access_key", "access-key", "accesskey",
        "private_key", "private-key", "privatekey", "auth_key", "authkey", "encryption_key", "signing_key",
        "account_key", "accountkey", "authorization", "credential", "_auth",
    ]
    private static let passwordNames = ["password", "passwd", "passphrase", "pwd", "passwort", "pass"]

    /// A key or token of unknown make.
    static let key = Detector(
        "generic-api-key", .secret, confidence: Confidence.likely,
        keyNames.map { name in
            .literal(name) { text, hit, report in
                guard let value = Assignment.value(behind: hit.upperBound, in: &text, &report),
                    isKey(text.bytes(value))
                else { return }
                report.add(value)
            }
        })

    /// A password.
    static let password = Detector(
        "password", .secret, confidence: Confidence.likely,
        passwordNames.map { name in
            .literal(name) { text, hit, report in
                guard Assignment.beginsWord(hit.lowerBound, in: &text), !Byte.isLower(text[hit.upperBound]),
                    let value = Assignment.value(behind: hit.upperBound, in: &text, &report),
                    isPassword(text.bytes(value))
                else { return }
                report.add(value)
            }
        })

    /// Whether a value looks drawn by lot: letters and digits, changing places often.
    static func isKey(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 10, bytes.count <= 200, bytes.allSatisfy(keyBytes.contains) else { return false }
        let kinds = Kinds(bytes)
        guard !TokenRules.isPrefixed(bytes) else { return false }
        guard kinds.digits > 0, kinds.letters > 0, kinds.changes * 7 >= bytes.count, !isPathOrNumber(bytes) else {
            return false
        }
        return Entropy.bits(of: bytes) >= (bytes.count < 16 ? 3.1 : 3.0) && !Placeholder.isLikely(bytes)
    }

    /// Whether a value may be what somebody types as a password, and no word, call or variable of a program.
    static func isPassword(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 6, bytes.count <= 100, let first = bytes.first, let last = bytes.last else { return false }
        guard first != UInt8(ascii: "$"), first != UInt8(ascii: "%"), first != UInt8(ascii: "/"),
            !(first == UInt8(ascii: "*") && last == first)
        else { return false }
        let kinds = Kinds(bytes)
        guard kinds.digits > 0 || kinds.signs > 0, kinds.letters > 0, !isName(bytes, kinds) else { return false }
        return Entropy.bits(of: bytes) >= 2.2 && !Placeholder.isLikely(bytes)
    }

    private static let keyBytes = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=.+/~")

    /// Letters, digits and other bytes of a value, and how often a letter's case or kind differs from the one before.
    private struct Kinds {
        var letters = 0
        var digits = 0
        /// Signs that names in programs do not have.
        var signs = 0
        var changes = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>) {
            var last: UInt8 = 0
            for byte in bytes {
                let kind: UInt8
                if Byte.isDigit(byte) {
                    kind = 1
                    digits += 1
                } else if Byte.isLetter(byte) {
                    kind = Byte.isUpper(byte) ? 2 : 3
                    letters += 1
                } else {
                    kind = 4
                    if byte == UInt8(ascii: "@") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "#")
                        || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "^") || byte == UInt8(ascii: "*")
                    {
                        signs += 1
                    }
                }
                // `Word` is no change of its own.
                if last != 0, kind != last, kind != 4, last != 4, !(last == 2 && kind == 3) { changes += 1 }
                last = kind
            }
        }
    }

    /// Whether dots or slashes cut the value into words, as in paths, versions and qualified names.
    private static func isPathOrNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var cuts = 0
        for byte in bytes where byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") { cuts += 1 }
        return bytes.first == UInt8(ascii: "/") || cuts * 8 > bytes.count
    }

    /// Whether a value without signs of its own is a name: few digits, all of them at the end, and dots or underscores
    /// between words.
    private static func isName(_ bytes: UnsafeBufferPointer<UInt8>, _ kinds: Kinds) -> Bool {
        guard kinds.signs == 0 else { return false }
        return bytes.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") }
            && kinds.changes < 3
    }
}
