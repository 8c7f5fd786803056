import Glibc
import OrchTokens

/// The vocabularies that the set-up has installed.
enum Vocabularies {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// Counts every model by o200k_base, as the program does with the settings as they are.
    static func catalog() throws -> TokenizerCatalog {
        let name = "o200k_base"
        let tokenizer = try RankFile.tokenizer(named: name, bytes: try read("\(folder)/\(name).tiktoken"))
        return TokenizerCatalog(
            table: TokenizerTable(), standard: name, local: nil, installed: [name],
            fallback: ByteFallbackCounter(margin: 1.1)
        ) { (_) throws(TokenizerError) in TokenizerCatalog.Vocabulary(tokenizer) }
    }

    private static var folder: String {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let data = variable("XDG_DATA_HOME") ?? "\(variable("HOME") ?? "")/.local/share"
        return variable("ORCH_ASSETS_DIR") ?? "\(data)/orchestrators"
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else {
            throw Missing(description: "\(path) is not there; ./scripts/assets install brings it")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
