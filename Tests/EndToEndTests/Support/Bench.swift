import Foundation
import Synchronization
import Testing

/// A folder and the processes of one test; both are gone when it ends.
final class Bench: Sendable {
    let folder: URL
    private let children = Mutex<[ChildProcess]>([])

    fileprivate init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "orch-e2e-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // The server reads config/ where it is started; a .env of the checkout is not its business here.
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "config"), withDestinationURL: Surroundings.checkout.appending(path: "config"))
    }

    func start(_ program: URL, _ arguments: [String], _ options: ChildProcess.Options) throws -> ChildProcess {
        let child = try ChildProcess(program, arguments, options)
        children.withLock { $0.append(child) }
        return child
    }

    /// A folder of the test's own.
    func folder(_ name: String) throws -> URL {
        let made = folder.appending(path: name)
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        return made
    }

    func text(of name: String) -> String {
        (try? Data(contentsOf: folder.appending(path: name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    fileprivate func end() async {
        for child in children.withLock({ $0 }).reversed() where child.ended == nil { try? await child.killHard() }
        if Surroundings.environment["ORCH_TEST_KEEP"] == nil { try? FileManager.default.removeItem(at: folder) }
    }

    /// The last lines of every server's log, for a test that failed.
    fileprivate var logs: String {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".log") }.sorted()
            .map { name in "\(name):\n" + text(of: name).split(separator: "\n").suffix(15).joined(separator: "\n") }
            .joined(separator: "\n")
    }
}

/// Gives a test its bench, and clears it away whatever happens.
func withBench(_ body: (Bench) async throws -> Void) async throws {
    let bench = try Bench()
    do {
        try await body(bench)
    } catch {
        Issue.record("\(error)\n\(bench.logs)")
    }
    await bench.end()
}
