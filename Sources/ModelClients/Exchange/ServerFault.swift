import OrchCore
import OrchProviders

/// Reads what a server says of its own failure.
///
/// Only words that are plain identifiers are taken: the sentences beside them may quote the prompt.
enum ServerFault {
    /// The word in an error answer's body, whatever shape the server gives it.
    static func word(inBody bytes: [UInt8]) -> String? {
        guard let document = try? JSONDocument(parsing: bytes) else { return nil }
        let root = document.root
        return root["error"].flatMap(word) ?? word(in: root)
    }

    /// The failure that a JSON answer or a piece of a stream reports, if it does.
    static func failure(in root: JSONNode) -> ProviderError? {
        guard let error = root["error"], !error.isNull else { return nil }
        let word = word(in: error).map { " (\($0))" } ?? ""
        return ProviderError(.failed, "the model server reported a failure in its answer\(word)")
    }

    private static func word(in error: JSONNode) -> String? {
        for key in ["code", "type"] {
            if let text = error[key]?.string, isIdentifier(text) { return text }
        }
        return nil
    }

    /// Whether a text is lower-case letters, digits and underscores, and short: safe to repeat.
    static func isIdentifier(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        return isPlain && (1...48).contains(text.utf8.count)
    }
}
