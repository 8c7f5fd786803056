import Foundation
import OrchCore
import OrchTokens

/// Encodes for scripts/measure-tokens to compare with other tokenizers, and measures how fast that is.
///
///     TokensBenchmark ids VOCABULARY TEXTS     for each text of the file its ids; see IdsReport
///     TokensBenchmark speed VOCABULARY FILE…   megabytes per second, encoding and counting, a line for each file
///     TokensBenchmark load VOCABULARY…         milliseconds to load each, and the growth of the highest memory use
@main
enum TokensBenchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "ids" where arguments.count == 3: try IdsReport.run(arguments[1], arguments[2])
        case "speed" where arguments.count >= 3: try SpeedReport.run(arguments[1], Array(arguments.dropFirst(2)))
        case "load" where arguments.count >= 2: try LoadReport.run(Array(arguments.dropFirst()))
        default: print("usage: TokensBenchmark ids VOCABULARY TEXTS | speed VOCABULARY FILE… | load VOCABULARY…")
        }
    }

    /// Loads a vocabulary by its file's ending: a rank file, a tokenizer.json, or a GGUF.
    static func tokenizer(_ path: String) throws -> BytePairTokenizer {
        let url = URL(fileURLWithPath: path)
        let name = url.deletingPathExtension().lastPathComponent
        let data = try Data(contentsOf: url, options: .alwaysMapped)
        switch url.pathExtension {
        case "tiktoken": return try RankFile.tokenizer(named: name, bytes: Array(data))
        case "json": return try TokenizerJSON.tokenizer(named: name, bytes: Array(data))
        default: return try data.withUnsafeBytes { try GGUFVocabulary.tokenizer(named: name, bytes: $0) }
        }
    }

    static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
    }
}
