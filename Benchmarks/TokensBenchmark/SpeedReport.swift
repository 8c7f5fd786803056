import Foundation
import OrchTokens

/// Rates on one thread: the median of several runs over each file, as lines `FILE ENCODE COUNT` in MB/s; then
/// `short NANOSECONDS` for counting a question. By the thread's processor time, so that other work takes no part.
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
        let start = processorSeconds()
        for _ in 0..<rounds { tokens += tokenizer.count(short) }
        let time = processorSeconds() - start
        precondition(tokens.isMultiple(of: rounds))
        print("short", String(format: "%.0f", time * 1e9 / Double(rounds)))
    }

    private static func rate(_ text: String, _ body: (String) -> Int) -> Double {
        var rates: [Double] = []
        for _ in 0..<runs {
            let start = processorSeconds()
            precondition(body(text) > 0)
            rates.append(Double(text.utf8.count) / 1e6 / (processorSeconds() - start))
        }
        return rates.sorted()[runs / 2]
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
