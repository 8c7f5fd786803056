import Foundation

/// What the tests need of the machine, and where it is.
enum Surroundings {
    static let environment = ProcessInfo.processInfo.environment

    /// In CI a missing part is a failure; elsewhere the tests that need it are left out, and say so.
    static let isCI = environment["CI"] == "true"

    /// The folder of the checkout.
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let clients = checkout.appending(path: "Tests/Clients")
    static let crashShim = checkout.appending(path: "Tests/CrashShim")

    /// The program under test: ORCH_TEST_BINARY, or the one that was built beside these tests.
    static let program: URL = {
        if let path = environment["ORCH_TEST_BINARY"] { return URL(filePath: path) }
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let runner = running ?? CommandLine.arguments[0]
        return URL(filePath: runner).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "orch")
    }()

    /// The program with the tests' own tools (Tests/Programs/orch-with-tools), built beside the other.
    static let programWithTools = program.deletingLastPathComponent().appending(path: "orch-with-tools")

    /// Whether whoever runs the tests has named a release build.
    static let isReleaseNamed =
        environment["ORCH_TEST_BINARY"] != nil && program.resolvingSymlinksInPath().pathComponents.contains("release")

    static let assets: URL = {
        if let path = environment["ORCH_ASSETS_DIR"], !path.isEmpty { return URL(filePath: path) }
        let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return URL(filePath: data ?? "\(environment["HOME"] ?? "/")/.local/share").appending(path: "orchestrators")
    }()

    static func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

    /// The first of that name in PATH.
    static func find(_ name: String) -> URL? {
        (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

/// A real part that a test cannot do without.
enum RealPart: String {
    case python = "python3, or ORCH_TEST_PYTHON"
    case openAIClient = "the OpenAI Python client: ORCH_TEST_PYTHON, a Python that has it (scripts/test makes one)"
    case compiler = "cc, a C compiler"
    case model = "the managed model: ./scripts/assets install"
    case embedder = "the embedder: ./scripts/assets install"

    /// Where it is; nil where it is not.
    var location: URL? {
        switch self {
        case .python:
            RealPart.openAIClient.location ?? Surroundings.find("python3")
        case .openAIClient:
            [
                Surroundings.environment["ORCH_TEST_PYTHON"].map { URL(filePath: $0) },
                Surroundings.checkout.appending(path: ".venv-test/bin/python"),
            ].compactMap(\.self).first(where: Surroundings.exists)
        case .compiler:
            Surroundings.find("cc")
        case .model:
            [Surroundings.assets.appending(path: "llama-server/venv/bin/python")].first(where: Surroundings.exists)
        case .embedder:
            [Surroundings.assets.appending(path: "embedders/minilm-l6-v2/model.safetensors")]
                .first(where: Surroundings.exists)
        }
    }

    /// Whether tests that need it are to run: in CI they always do, and then fail without it.
    var isExpected: Bool { location != nil || Surroundings.isCI }

    func require() throws -> URL {
        guard let location else { throw TestFailure("missing: \(rawValue)") }
        return location
    }
}

/// Why a test cannot go on.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs what blocks on a thread of its own, so that it does not hold one of the few that all tests share.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// Waits until something holds.
func eventually(
    within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(20), _ what: String,
    _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw TestFailure("not within \(limit): \(what)") }
        try await Task.sleep(for: pause)
    }
}
