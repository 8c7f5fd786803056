import Foundation
import OrchTokens

/// How long each vocabulary takes to load, its file read already, as lines `NAME MILLISECONDS`; then `memory KIB`, the
/// growth of the highest resident memory (VmHWM) over all of them.
enum LoadReport {
    static func run(_ paths: [String]) throws {
        let before = highest()
        var tokenizers: [BytePairTokenizer] = []
        for path in paths {
            let start = ContinuousClock().now
            tokenizers.append(try TokensBenchmark.tokenizer(path))
            let time = TokensBenchmark.milliseconds(ContinuousClock().now - start)
            print(URL(fileURLWithPath: path).lastPathComponent, String(format: "%.1f", time))
        }
        precondition(tokenizers.allSatisfy { $0.count("a word") > 0 })
        print("memory", highest() - before)
    }

    private static func highest() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
    }
}
