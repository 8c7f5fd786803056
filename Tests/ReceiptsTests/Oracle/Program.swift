import Foundation
import OrchTestSupport

/// Runs programs of the system to their ends.
enum Program {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// - Parameters:
    ///   - environment: Put over the tests' own.
    ///   - input: What it reads from standard input.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = []
    ) async throws -> Outcome {
        // Files in place of pipes: nobody must read while the other writes.
        let folder = try TemporaryFolder()
        for (name, bytes) in [("input", input), ("output", []), ("errors", [])] { try folder.write(name, bytes) }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: folder.path("input")))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.path("output")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("errors")))
        try await withCheckedThrowingContinuation { (end: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in end.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                end.resume(throwing: error)
            }
        }
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: String(decoding: folder.read("output"), as: UTF8.self),
            errors: String(decoding: folder.read("errors"), as: UTF8.self))
    }

    /// The first of that name in PATH.
    static func find(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
