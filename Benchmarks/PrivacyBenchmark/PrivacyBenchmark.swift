import OrchCore
import OrchHyperscan
import OrchPrivacy

/// Measures the scrubber: what it finds, for scripts/measure-privacy to judge, and how fast it is.
///
///     PrivacyBenchmark findings FILE [MINIMUM]   a line of findings for each line `{"text"}` of the file
///     PrivacyBenchmark speed [FILE…]             a table of rates, of made-up texts and of the files
@main
enum PrivacyBenchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "findings" where arguments.count >= 2:
            try FindingsReport.run(arguments[1], minimum: arguments.count > 2 ? Double(arguments[2]) ?? 0 : 0)
        case "speed":
            try SpeedReport.run(files: Array(arguments.dropFirst()))
        default:
            print("usage: PrivacyBenchmark findings FILE [MINIMUM] | speed [FILE…]")
        }
    }

    /// Hyperscan where the system has it, and the portable engine.
    static var engines: [any ScanEngine] {
        [HyperscanEngine() as (any ScanEngine)?, PortableScanEngine()].compactMap { $0 }
    }
}
