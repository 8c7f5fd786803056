import Crypto
package import OrchCore
import OrchOrchestrator

/// Says who a bearer token belongs to.
///
/// Tokens are compared by their SHA-256, all of them every time, in constant time each.
package struct BearerTokens: Sendable {
    private struct Entry: Sendable {
        let digest: SHA256Digest
        let caller: Caller
    }

    private let entries: [Entry]

    /// - Parameters:
    ///   - bearers: ORCH_BEARER_TOKEN's names and tokens.
    ///   - operators: ORCH_OPERATOR_TOKEN's; operators may do all that bearers may.
    ///   - bearersAreOperators: Whether, with no operator token set, bearers stand in: in development only.
    package init(
        bearers: [(name: String, token: Redacted<String>)], operators: [(name: String, token: Redacted<String>)],
        bearersAreOperators: Bool
    ) {
        let operatorEntries = operators.map { Self.entry($0, isOperator: true) }
        let bearerEntries = bearers.map { Self.entry($0, isOperator: bearersAreOperators && operators.isEmpty) }
        entries = operatorEntries + bearerEntries
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The token's owner; nil for an unknown token.
    func caller(presenting token: Substring) -> Caller? {
        let digest = SHA256.hash(data: Array(token.utf8))
        var found: Caller?
        for entry in entries where entry.digest == digest && found == nil { found = entry.caller }
        return found
    }

    private static func entry(_ named: (name: String, token: Redacted<String>), isOperator: Bool) -> Entry {
        Entry(
            digest: SHA256.hash(data: Array(named.token.exposed.utf8)),
            caller: Caller(name: named.name, isOperator: isOperator))
    }
}
