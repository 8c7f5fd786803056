import Foundation
import Testing

extension EndToEnd {
    /// The scrubber with the engine that the program chose for this machine.
    @Suite struct ScrubTests {
        @Test func `What is in a file is taken out and listed`() async throws {
            let key = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z56"
            try await withBench { bench in
                let file = bench.folder.appending(path: "letter.txt")
                try Data("é \(key) for jo@example.org\n".utf8).write(to: file)
                let text = try await bench.orch(["scrub", "--typed", file.path])
                #expect(text.end == .code(0), "\(text.output)")
                #expect(text.output.contains("é [REDACTED:github-pat] for [REDACTED:email]"))
                let list = try await bench.orch(["scrub", "--list", file.path])
                #expect(list.output.contains("github-pat\t2\t42\t0.95\nemail\t47\t61\t0.95"))
                let gone = try await bench.orch(["scrub", bench.folder.appending(path: "gone").path])
                #expect(gone.end == .code(66), "\(gone.output)")
            }
        }
    }
}
