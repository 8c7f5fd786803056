/// What the table cannot say: who may import what of others, and where an exception holds.
struct ArchitectureRules {
    /// Modules of the toolchain and the system that everybody may import.
    var system: Set = [
        "Swift", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin",
    ]
    /// Modules of other packages, and those of ours that may import them. What is not listed nobody may.
    var thirdParty: [String: Set<String>] = [
        "ArgumentParser": ["CommandLine", "Orchestrators"],
        "BigInt": ["Tools"],
        "CoreMetrics": ["Observability", "Orchestrators"],
        "Crypto": [
            "Approvals", "Classification", "CommandLine", "Orchestrators", "PolicyFiles", "Receipts", "Routing",
            "Server",
            "Webhooks",
        ],
        "GRDB": ["StorageSQLite"],
        "GRDBSQLite": ["StorageSQLite"],
        "Logging": ["LocalModel", "Observability", "Server", "Orchestrators"],
        "NIOCore": ["HTTPTransport", "Server"],
        "NIOHTTP1": ["HTTPTransport", "Server"],
        "NIOPosix": ["HTTPTransport", "Server", "Orchestrators"],
        "NIOSSL": ["HTTPTransport"],
        "ServiceLifecycle": ["LocalModel", "Server", "Orchestrators"],
        "Subprocess": ["LocalModel", "SourceTrees"],
        // The same module under its two names: the toolchain's on macOS, the package's elsewhere.
        "System": ["CommandLine", "LocalModel"],
        "SystemPackage": ["CommandLine", "KeyFiles", "LocalModel", "SourceTrees"],
        "UnixSignals": ["Orchestrators"],
        "Yams": ["PolicyFiles"],
    ]
    /// Files that may import Foundation, each with its reason.
    var foundation: [String: String] = [:]
    /// Arrows inside one layer, each with its reason.
    var insideALayer: [String: String] = [
        "Providers → Egress": "docs/decisions/0006-providers-know-egress.md",
        "Classification → CEmbeddings": "C kernels have one module",
        "Embeddings → CEmbeddings": "C kernels have one module",
        "Hyperscan → CHyperscan": "a C shim has one adapter",
        "RE2 → CRE2": "a C shim has one adapter",
        "Sandbox → CSandbox": "a C shim has one adapter",
        "orch → Orchestrators": "the program is the library without anybody's tools",
    ]
    /// Files that may hold what is banned, by `path: word`, each with its reason.
    var exceptions: [String: String] = [
        "Sources/Server/Connections/RequestRunner.swift: Task {":
            "a request's task ends with its answer, and its connection's end cancels it"
    ]

    static let foundationModules: Set = [
        "Foundation", "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "FoundationXML",
    ]
    static let maximumLines = 600
    /// What no source holds.
    struct Banned {
        var word: String
        /// A part of every match, to look for first.
        var hint: String
        var pattern: Regex<Substring>
        /// What to write in its place.
        var instead: String
    }

    static var banned: [Banned] {
        [
            Banned(word: "try!", hint: "try!", pattern: /\btry!/.simple, instead: "throw, or handle the error"),
            Banned(word: "as!", hint: "as!", pattern: /\bas!/.simple, instead: "use as?, and say what happens else"),
            Banned(
                word: "fatalError", hint: "fatalError", pattern: /\bfatalError\s*\(/.simple,
                instead: "throw; or precondition, for a bug of ours"),
            Banned(
                word: "Task {", hint: "Task", pattern: /\bTask\s*(?:<[^>]*>\s*)?[({]/.simple,
                instead: "use a task group, or a Service"),
            Banned(
                word: "Task.detached", hint: "Task",
                pattern: /\bTask\s*\.\s*(?:detached|immediateDetached|immediate|init)\b/.simple,
                instead: "use a task group, or a Service"),
        ]
    }
}

extension Regex<Substring> {
    /// With boundaries of words as programmers know them: `a.b` has one on each side of the dot.
    fileprivate var simple: Regex<Substring> { wordBoundaryKind(.simple) }
}
