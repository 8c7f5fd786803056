/// Measures the parts of a request's way, each alone and without a socket or a disk.
///
///     PartsBenchmark              times: nanoseconds an operation, the median of several runs
///     PartsBenchmark PART COUNT   does one part so often, for scripts/counts to count instructions and allocations
///
/// Times compare within one run on one machine only; counts are the same wherever the program is.
@main
enum PartsBenchmark {
    static func main() async throws {
        let parts = try Part.all()
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else { return try await Timing.report(parts) }
        guard let part = parts.first(where: { $0.name == name }),
            let count = arguments.dropFirst().first.flatMap({ Int($0) })
        else {
            print("parts: \(parts.map(\.name).joined(separator: " "))")
            return
        }
        for _ in 0..<count { try await part.run() }
    }
}
