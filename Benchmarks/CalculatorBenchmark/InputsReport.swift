import Foundation

/// Times seeded inputs, one by one, and prints a line for each class of them and one for all.
enum InputsReport {
    private static let barNanoseconds = 5_000_000
    /// An input over the bar is timed as many times more, and the fastest counts: an interruption by the system is not
    /// the calculator's.
    private static let repeats = 5

    private struct Sample {
        let kind: InputKind
        let nanoseconds: Int
        let length: Int
        let isRefused: Bool
        let place: Int
    }

    /// False if one takes longer than the bar.
    static func run(count: Int, seed: UInt64) -> Bool {
        let stopwatch = Stopwatch()
        var inputs = Inputs(seed: seed)
        var samples: [Sample] = []
        samples.reserveCapacity(count)
        var (repeated, misses) = (0, 0)
        var refusals: [String: Int] = [:]
        for place in 0..<count {
            let kind = InputKind.allCases[place % InputKind.allCases.count]
            let text = inputs.text(kind)
            var (nanoseconds, refusal) = stopwatch.time(text)
            if nanoseconds > barNanoseconds {
                repeated += 1
                for _ in 0..<repeats where nanoseconds > barNanoseconds {
                    nanoseconds = min(nanoseconds, stopwatch.time(text).nanoseconds)
                }
                if nanoseconds > barNanoseconds {
                    misses += 1
                    print("over 5 ms (input \(place)): \(text)")
                }
            }
            if let refusal { refusals[refusal, default: 0] += 1 }
            samples.append(
                Sample(
                    kind: kind, nanoseconds: nanoseconds, length: text.utf8.count, isRefused: refusal != nil,
                    place: place))
        }
        print(row(["class", "inputs", "refused", "p50", "p99", "slowest", "its bytes", "its place"]))
        for kind in InputKind.allCases { report(kind.rawValue, samples.filter { $0.kind == kind }) }
        report("all", samples)
        print(
            "\nrefusals:",
            refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        print(
            "seed \(seed); timed again, the fastest of up to \(repeats + 1) counts: \(repeated); over 5 ms: \(misses)")
        return misses == 0
    }

    private static func report(_ name: String, _ samples: [Sample]) {
        let sorted = samples.sorted { $0.nanoseconds < $1.nanoseconds }
        guard let slowest = sorted.last else { return }
        let refused = samples.count { $0.isRefused }
        print(
            row([
                name, "\(samples.count)", "\(refused)", milliseconds(sorted[sorted.count / 2].nanoseconds),
                milliseconds(sorted[sorted.count * 99 / 100].nanoseconds), milliseconds(slowest.nanoseconds),
                "\(slowest.length)", "\(slowest.place)",
            ]))
    }

    static func milliseconds(_ nanoseconds: Int) -> String {
        String(format: "%.4f ms", Double(nanoseconds) / 1e6)
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { place, cell in
            let padding = String(repeating: " ", count: max(0, (place == 0 ? 16 : 11) - cell.count))
            return place == 0 ? cell + padding : padding + cell
        }.joined(separator: " ")
    }
}
