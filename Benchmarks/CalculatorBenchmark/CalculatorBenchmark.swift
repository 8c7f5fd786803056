import Foundation
import OrchTools

/// Times the calculator on seeded inputs for scripts/measure-calculator.
///
///     CalculatorBenchmark COUNT SEED     a table; ends with status 1 when an input takes more than 5 ms, or
///                                        `9**9**9` 1 ms or more
@main
enum CalculatorBenchmark {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().map { UInt64($0) }
        guard arguments.count == 2, let count = arguments[0], let seed = arguments[1], count > 0 else {
            return print("usage: CalculatorBenchmark COUNT SEED")
        }
        let inputs = InputsReport.run(count: Int(count), seed: seed)
        let tower = TowerReport.run()
        if !inputs || !tower { exit(1) }
    }
}
