import Crypto
package import OrchCore

/// What an approval is bound to besides its tool: SHA-256 of the canonical JSON (RFC 8785) of the arguments.
///
/// It stands in the approvals' own tables and in answers to operators, never in a receipt: whoever guesses arguments could
/// check the guess by it.
package struct ArgumentsHash: Sendable, Hashable {
    /// 64 digits in lower case.
    package let hexadecimal: String

    package init(of arguments: JSONObject) {
        hexadecimal = Hexadecimal.encode(SHA256.hash(data: arguments.canonical))
    }

    /// As it was stored.
    package init(stored hexadecimal: String) {
        self.hexadecimal = hexadecimal
    }
}
