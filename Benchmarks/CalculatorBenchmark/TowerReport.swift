import Foundation

/// The time that refusing `9**9**9` takes.
enum TowerReport {
    private static let runs = 1_000
    private static let barNanoseconds = 1_000_000

    /// False if it is not refused, or not always in less than a millisecond.
    static func run() -> Bool {
        let stopwatch = Stopwatch()
        var times: [Int] = []
        for _ in 0..<runs {
            let (nanoseconds, refusal) = stopwatch.time("9**9**9")
            guard refusal == "exponent_too_large" else {
                print("9**9**9 is not refused")
                return false
            }
            times.append(nanoseconds)
        }
        times.sort()
        let (median, slowest) = (times[runs / 2], times[runs - 1])
        print(
            "\n9**9**9, refused \(runs) times: median", InputsReport.milliseconds(median) + ", slowest",
            InputsReport.milliseconds(slowest))
        if slowest >= barNanoseconds { print("9**9**9 took 1 ms or more") }
        return slowest < barNanoseconds
    }
}
