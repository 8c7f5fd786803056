import OrchCore

/// Checks tracked files against a policy. Does no I/O: it is shown paths and contents.
package struct BoundaryCheck: Sendable {
    /// Folders of state that a running server makes.
    private static let stateFolders: Set<String> = ["instance", "logs", "backups", "recall_frames"]
    private static let databaseEndings = [
        ".db", ".sqlite", ".sqlite3", ".db-wal", ".db-shm", ".sqlite-wal", ".sqlite-shm",
    ]
    private static let modelEndings = [
        ".gguf", ".safetensors", ".onnx", ".tiktoken", ".pt", ".pth", ".ckpt", ".tflite", ".mlmodel",
    ]
    private static let modelNames: Set<String> = ["tokenizer.json", "tokenizer.model", "sentencepiece.bpe.model"]
    private static let databaseMagic = Array("SQLite format 3\0".utf8)
    private static let modelMagic = Array("GGUF".utf8)
    private static let environmentFile = ".env"
    private static let environmentExample = ".env.example"

    private let policy: BoundaryPolicy
    package private(set) var violations: [BoundaryViolation] = []

    package init(_ policy: BoundaryPolicy) {
        self.policy = policy
    }

    /// How many things are looked at: each forbidden pattern and each rule about paths, once for all files.
    package var checks: Int { policy.forbidden.count + policy.ignored.count + 5 }

    /// Looks at the list of tracked files.
    package mutating func take(paths: [String]) {
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let lower = name.lowercased()
            if let folder = path.split(separator: "/").first, path.contains("/"),
                Self.stateFolders.contains(String(folder))
            {
                add("runtime-state", path, "state of a running server is not source")
            }
            if Self.databaseEndings.contains(where: lower.hasSuffix) {
                add("database", path, "a database is not source")
            }
            if Self.modelNames.contains(lower) || Self.modelEndings.contains(where: lower.hasSuffix) {
                add("model-file", path, "models and vocabularies are installed, not kept here")
            }
            if name == Self.environmentFile { add("env-file", path, "settings with their secrets are not source") }
        }
        if !paths.contains(Self.environmentExample) {
            add("env-file", Self.environmentExample, "the list of settings is missing")
        }
    }

    /// Looks at the contents of a tracked file.
    package mutating func take(_ path: String, _ bytes: [UInt8]) {
        if bytes.starts(with: Self.databaseMagic) { add("database", path, "a database is not source") }
        if bytes.starts(with: Self.modelMagic) {
            add("model-file", path, "models and vocabularies are installed, not kept here")
        }
        let rules = policy.forbidden.filter { !$0.admits(path) }
        guard !rules.isEmpty, !bytes.prefix(8000).contains(0) else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        // Most files hold none: lines are looked at only of those that do.
        for rule in rules where rule.pattern.matches(text) {
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where rule.pattern.matches(String(line)) {
                add(rule.id, path, rule.reason, line: number + 1)
            }
        }
    }

    /// Takes whether version control ignores each of ``BoundaryPolicy/ignored``.
    package mutating func take(ignored: [String: Bool]) {
        for path in policy.ignored where ignored[path] != true {
            add("ignore-rule", ".gitignore", "it does not cover \(path)")
        }
    }

    private mutating func add(_ check: String, _ path: String, _ reason: String, line: Int? = nil) {
        let violation = BoundaryViolation(check: check, path: path, line: line, reason: reason)
        if !violations.contains(violation) { violations.append(violation) }
    }
}
