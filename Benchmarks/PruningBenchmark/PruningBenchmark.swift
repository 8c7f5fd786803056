import Foundation
import OrchCore
import OrchTokens

/// Measures, for scripts/measure-pruning, what pruning by relevance keeps of answers, and what summaries keep of texts.
///
///     PruningBenchmark pruning VOCABULARY MEETINGS [EMBEDDERS]    the table of shares
///     PruningBenchmark summaries VOCABULARY MEETINGS [EMBEDDERS]  a line of summaries for each meeting
///     PruningBenchmark speed VOCABULARY MEETINGS [EMBEDDERS]      the table of times, and of repeats
///
/// MEETINGS has a line `{"turns":[{"speaker","text"}],"queries":[{"text","answer":[TURN]}],"leads":[TEXT]}` for each
/// meeting; EMBEDDERS is the directory of the installed embedders.
@main
enum PruningBenchmark {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3 || arguments.count == 4 else {
            print("usage: PruningBenchmark pruning|summaries|speed VOCABULARY MEETINGS [EMBEDDERS]")
            return
        }
        let tokenizer = try RankFile.tokenizer(
            named: "o200k_base", bytes: Array(try Data(contentsOf: URL(fileURLWithPath: arguments[1]))))
        let count: @Sendable (String) -> Int = { tokenizer.count($0) }
        let meetings = try Meeting.read(arguments[2])
        let embedders = arguments.count == 4 ? try Embedders.load(arguments[3]) : []
        switch arguments[0] {
        case "pruning": try await ShareReport(count: count, embedders: embedders).run(meetings)
        case "summaries": try await SummaryReport(count: count, embedders: embedders).run(meetings)
        case "speed": try await SpeedReport(count: count, embedders: embedders).run(meetings)
        default: print("unknown: \(arguments[0])")
        }
    }
}
