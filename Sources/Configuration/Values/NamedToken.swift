package import OrchCore

/// A token that callers prove themselves with, and the name that it stands for.
package struct NamedToken: Sendable, Hashable {
    /// The name of a token that was given without one.
    package static let defaultName = "default"

    /// Names that receipts give to callers without a token.
    private static let reservedNames: Set<String> = ["command_line", "server", "anonymous"]

    /// Who the caller is.
    package let name: String
    /// What the caller must show.
    package let token: Redacted<String>

    package init(name: String = NamedToken.defaultName, token: Redacted<String>) {
        self.name = name
        self.token = token
    }

    /// Reads `token` or `name:token`. No fault repeats any part of the text.
    init(_ text: String) throws(SettingFault) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = halves.count == 2 ? String(halves[0]) : Self.defaultName
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isNameByte) else {
            throw SettingFault("the name before the colon is not 1 to 64 letters, digits, or any of _ . @ -")
        }
        guard !Self.reservedNames.contains(name) else {
            throw SettingFault("the name \(name) stands for callers without a token")
        }
        guard let token = halves.last, !token.isEmpty else { throw SettingFault("the token is empty") }
        guard token.utf8.count <= 4_096 else { throw SettingFault("the token is longer than 4096 bytes") }
        guard token.utf8.allSatisfy(ASCII.isVisible) else {
            throw SettingFault("the token holds a blank, a control character, or one outside of ASCII")
        }
        self.init(name: name, token: Redacted(String(token)))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isNameCharacter(byte) || [UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-")].contains(byte)
    }
}

extension SettingType where Value == [NamedToken] {
    /// Tokens with or without names; several overlap while they are rotated.
    static var secretList: SettingType<[NamedToken]> {
        SettingType(
            "secret list",
            allowed: "token or name:token, separated by commas",
            isSecret: true,
            isTextual: true,
            canonical: { $0.map { "\($0.name):\($0.token.exposed)" }.joined(separator: ",") },
            parse: { (text: String) throws(SettingFault) -> [NamedToken] in
                var tokens: [NamedToken] = []
                for (position, item) in try Self.items(text).enumerated() {
                    let token: NamedToken
                    do throws(SettingFault) {
                        token = try NamedToken(item)
                    } catch {
                        throw SettingFault("item \(position + 1): \(error.reason)")
                    }
                    guard !tokens.contains(where: { $0.token == token.token }) else {
                        throw SettingFault("item \(position + 1): the same token stands for somebody else already")
                    }
                    tokens.append(token)
                }
                return tokens
            }
        )
    }
}
