import Foundation

/// A made-up secret or personal datum that is like no other text. Put together at run time, so that no scanner takes the
/// tests for a leak.
struct Canary: Sendable {
    let kind: String
    let text: String

    /// The same on one line, for headers and YAML.
    var line: String { text.replacing("\n", with: " ") }

    var percentEncoded: String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }

    /// Whether the scrubber finds this kind wherever it stands. Names of people it does not look for.
    var isFound: Bool { kind != "name" }

    /// The ways in which it may be written.
    var forms: [Data] {
        let core = text.components(separatedBy: "\n").max { $0.count < $1.count } ?? text
        return [
            Data(core.utf8), Data(Data(core.utf8).base64EncodedString().utf8),
            Data((core.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? core).utf8),
            Data(JSON.text(core).utf8.dropFirst().dropLast()),
        ]
    }

    /// Fifty of them, always the same.
    static let all: [Canary] = {
        var draw = Draw()
        let kinds: [(String, (inout Draw) -> String)] = [
            ("aws", { "AKIA" + $0.text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }),
            ("github", { "ghp_" + $0.text(36) }), ("openai", { "sk-" + "proj-" + $0.text(48) }),
            ("slack", { "xoxb-" + $0.digits(12) + "-" + $0.digits(12) + "-" + $0.text(24) }),
            ("gitlab", { "glpat-" + $0.text(20) }), ("google", { "AIza" + $0.text(35) }),
            ("stripe", { "sk_" + "live_" + $0.text(24) }), ("sendgrid", { "SG." + $0.text(22) + "." + $0.text(43) }),
            ("npm", { "npm_" + $0.text(36) }), ("huggingface", { "hf_" + $0.text(34) }),
            ("database", { "postgres://admin:" + $0.text(20) + "@db.internal/app" }),
            ("bearer", { "Authorization: Bearer " + $0.text(40) }),
            ("password", { "password = \"" + $0.text(24) + "\"" }),
            ("jwt", { "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiI" + $0.text(20) + "." + $0.text(43) }),
            (
                "private-key",
                {
                    "-----BEGIN " + "PRIVATE KEY-----\n" + $0.text(64) + "\n" + $0.text(64) + "\n-----END "
                        + "PRIVATE KEY-----"
                }
            ),
            ("email", { $0.text(16).lowercased() + "@example.org" }),
            ("card", { withCheckDigit("4" + $0.digits(14)) }),
            ("ssn", { "my social security number is 219-" + $0.digits(2, from: 10) + "-" + $0.digits(4, from: 1000) }),
            ("phone", { "call me: +49 30 " + $0.digits(8, from: 20_000_000) }),
            ("iban", { iban("DE", $0.digits(18)) }),
        ]
        return (0..<50).map { number in
            let (kind, make) = kinds[number % kinds.count]
            return Canary(kind: kind, text: make(&draw))
        }
    }()

    private static func withCheckDigit(_ digits: String) -> String {
        let sum = digits.reversed().enumerated().reduce(0) { sum, place in
            let digit = place.element.wholeNumberValue ?? 0
            let doubled = place.offset.isMultiple(of: 2) ? digit * 2 : digit
            return sum + doubled / 10 + doubled % 10
        }
        return digits + String((10 - sum % 10) % 10)
    }

    private static func iban(_ country: String, _ account: String) -> String {
        let letters = country.unicodeScalars.map { String($0.value - 55) }.joined()
        let rest = (account + letters + "00").reduce(0) { ($0 * 10 + ($1.wholeNumberValue ?? 0)) % 97 }
        let check = String(98 - rest)
        return country + (check.count == 1 ? "0" : "") + check + account
    }

    /// Draws the same texts every time.
    private struct Draw {
        private var state: UInt64 = 0x0123_4567_89AB_CDEF

        private mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }

        mutating func text(
            _ count: Int, _ alphabet: String = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        ) -> String {
            let letters = Array(alphabet)
            return String((0..<count).map { _ in letters[next(below: letters.count)] })
        }

        mutating func digits(_ count: Int) -> String { text(count, "123456789") }

        mutating func digits(_ count: Int, from least: Int) -> String {
            var limit = 1
            for _ in 0..<count { limit *= 10 }
            return String(least + next(below: limit - least))
        }
    }
}
