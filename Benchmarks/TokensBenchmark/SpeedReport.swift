import Foundation
import OrchTokens

/// Rates on one thread: the median of several runs over each file, as lines `FILE ENCODE COUNT` in MB/s.
enum SpeedReport {
    private static let runs = 7

    static func run(_ vocabulary: String, _ files: [String]) throws {
        let tokenizer = try TokensBenchmark.tokenizer(vocabulary)
        for file in files {
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
            let encoding = rate(text) { tokenizer.encode($0).count }
            let counting = rate(text) { tokenizer.count($0) }
            let name = URL(fileURLWithPath: file).lastPathComponent
            print(name, String(format: "%.2f %.2f", encoding, counting))
        }
        let short = "What is the weather like today?"
        let rounds = 200_000
        var tokens = 0
        let time = ContinuousClock().measure {
            for _ in 0..<rounds { tokens += tokenizer.count(short) }
        }
        precondition(tokens.isMultiple(of: rounds))
        print("short", String(format: "%.0f", TokensBenchmark.milliseconds(time) * 1e6 / Double(rounds)))
    }

    private static func rate(_ text: String, _ body: (String) -> Int) -> Double {
        var rates: [Double] = []
        for _ in 0..<runs {
            let time = ContinuousClock().measure { precondition(body(text) > 0) }
            rates.append(Double(text.utf8.count) / 1e3 / TokensBenchmark.milliseconds(time))
        }
        return rates.sorted()[runs / 2]
    }
}
