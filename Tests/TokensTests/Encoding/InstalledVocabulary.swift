import Foundation
import OrchTokens

/// The vocabularies that the set-up installs. A missing one fails where `CI` is `true`, and is skipped elsewhere.
enum InstalledVocabulary {
    private static let environment = ProcessInfo.processInfo.environment

    private static let directory: URL = {
        if let path = environment["ORCH_ASSETS_DIR"], !path.isEmpty { return URL(filePath: path) }
        let base = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        return URL(filePath: base).appending(path: "orchestrators")
    }()

    /// Whether tests that need them run: scripts/assets install brings what is missing.
    static let isWanted =
        environment["CI"] == "true"
        || ["o200k_base.tiktoken", "cl100k_base.tiktoken", model].allSatisfy {
            FileManager.default.fileExists(atPath: directory.appending(path: $0).path)
        }

    static let model = "models/SmolLM2-135M-Instruct.Q4_1.gguf"

    /// Read once for all tests.
    static let o200k = Result { try rankFile("o200k_base") }
    static let cl100k = Result { try rankFile("cl100k_base") }
    static let local = Result {
        let data = try Data(contentsOf: directory.appending(path: model), options: .alwaysMapped)
        return try data.withUnsafeBytes { try GGUFVocabulary(named: "local", bytes: $0) }
    }

    static func tokenizer(_ name: String) throws -> BytePairTokenizer {
        switch name {
        case "o200k_base": try o200k.get()
        case "cl100k_base": try cl100k.get()
        default: try local.get().tokenizer
        }
    }

    private static func rankFile(_ name: String) throws -> BytePairTokenizer {
        let data = try Data(contentsOf: directory.appending(path: "\(name).tiktoken"))
        return try RankFile.tokenizer(named: name, bytes: Array(data))
    }
}
