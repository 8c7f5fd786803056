// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target of ours.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// Products of other packages.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// C modules, which have no prefix.
let shims: Set = ["CEmbeddings", "CHyperscan", "CRE2", "CSandbox"]

/// A module of ours: target `Orch<Name>` in Sources/<Name>.
func module(
    _ name: String, _ modules: [String] = [], _ products: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .target(
        name: "Orch\(name)",
        dependencies: modules.map { .target(name: shims.contains($0) ? $0 : "Orch\($0)") } + products,
        path: "Sources/\(name)",
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
}

/// A module's tests: target `<Name>Tests` in Tests/<Name>Tests.
func tests(_ name: String, _ modules: [String], _ products: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: modules.map { .target(name: $0 == "orch" ? $0 : "Orch\($0)") } + products,
        path: "Tests/\(name)Tests",
        swiftSettings: settings
    )
}

// The arrows of ARCHITECTURE.md; Tests/ArchitectureTests fails when an import breaks them.
let core = [module("Core")]

let domain = [
    module("Agents", ["Core"]),
    module("Approvals", ["Core"], [crypto]),
    module("Boundary", ["Core"]),
    module("Classification", ["CEmbeddings", "Core"], [crypto]),
    module("Configuration", ["Core"]),
    module("Egress", ["Core"]),
    .target(name: "CEmbeddings", path: "Sources/CEmbeddings"),
    module("Embeddings", ["CEmbeddings", "Core"]),
    module("Policy", ["Core"]),
    module("Privacy", ["Core"]),
    module("Providers", ["Core", "Egress"]),
    module("Receipts", ["Core"], [crypto]),
    module("Routing", ["Core"], [crypto]),
    module("Tokens", ["Core"]),
    module("Tools", ["Core"], [bigInt]),
]

let adapters = [
    module("HTTPTransport", ["Egress"], [nioCore, nioHTTP1, nioPosix, nioSSL]),
    .target(
        name: "CHyperscan", path: "Sources/CHyperscan",
        linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    module("Hyperscan", ["CHyperscan", "Core", "Privacy"]),
    module("KeyFiles", ["Core", "Receipts"], [systemPackage]),
    module(
        "LocalModel", ["Core", "Providers"], [logging, serviceLifecycle, subprocess, systemPackage],
        resources: [.embedInCode("llama_server.py")]),
    module("ModelClients", ["Core", "Egress", "Providers"]),
    module("Observability", ["Core"], [coreMetrics, logging]),
    module("PolicyFiles", ["Agents", "Boundary", "Core", "Policy", "Routing", "Tokens", "Tools"], [crypto, yams]),
    .target(name: "CRE2", path: "Sources/CRE2", linkerSettings: [.linkedLibrary("re2")]),
    module("RE2", ["Core", "CRE2"]),
    .target(name: "CSandbox", path: "Sources/CSandbox"),
    module(
        "Sandbox", ["Core", "CSandbox", "Tools"],
        resources: [
            .embedInCode("Battery/battery.py"), .embedInCode("Battery/files.py"), .embedInCode("Battery/kernel.py"),
            .embedInCode("Battery/network.py"), .embedInCode("Battery/processes.py"),
            .embedInCode("Battery/resources.py"), .embedInCode("Python/guest.py"), .embedInCode("Python/probe.py"),
        ]),
    module("SourceTrees", ["Core"], [subprocess, systemPackage]),
    module("Webhooks", ["Approvals", "Core", "Egress"], [crypto]),
    module("StorageSQLite", ["Approvals", "Core", "Receipts", "Routing"], [grdb, grdbSQLite]),
]

let pipeline = [
    module(
        "Orchestrator",
        [
            "Agents", "Approvals", "Core", "Egress", "Privacy", "Providers", "Receipts", "Routing", "Tokens", "Tools",
        ])
]

let delivery = [
    module(
        "Server", ["Agents", "Approvals", "Core", "Orchestrator", "Providers", "Receipts"],
        [crypto, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle]),
    module(
        "CommandLine",
        [
            "Agents", "Approvals", "Boundary", "Configuration", "Core", "Orchestrator", "Policy", "Privacy", "Receipts",
            "Routing", "Tokens", "Tools",
        ],
        [argumentParser, crypto, systemPackage]),
]

let program: [Target] = [
    .target(
        name: "Orchestrators",
        dependencies: [
            "OrchAgents", "OrchApprovals", "OrchBoundary", "OrchClassification", "OrchCommandLine",
            "OrchConfiguration", "OrchCore", "OrchEgress", "OrchEmbeddings",
            "OrchHTTPTransport",
            "OrchHyperscan", "OrchKeyFiles", "OrchLocalModel", "OrchModelClients", "OrchObservability",
            "OrchOrchestrator", "OrchPolicy", "OrchPolicyFiles", "OrchPrivacy", "OrchProviders", "OrchRE2",
            "OrchReceipts", "OrchRouting", "OrchSandbox", "OrchServer", "OrchSourceTrees", "OrchStorageSQLite",
            "OrchTokens",
            "OrchTools",
            "OrchWebhooks", argumentParser, coreMetrics, crypto, logging, nioPosix, serviceLifecycle, unixSignals,
        ],
        path: "Sources/Orchestrators",
        swiftSettings: settings),
    .executableTarget(
        name: "orch", dependencies: ["Orchestrators"], path: "Sources/orch", swiftSettings: settings),
]

let checks: [Target] = [
    .target(
        name: "OrchTestSupport", dependencies: ["OrchCore", "OrchEgress", "OrchProviders"], path: "Tests/TestSupport",
        swiftSettings: settings),
    tests("Agents", ["Agents", "Core"]),
    tests("Approvals", ["Approvals", "Core"]),
    tests("Architecture", []),
    tests("Boundary", ["Boundary", "Core", "RE2"]),
    tests(
        "CommandLine",
        [
            "Agents", "Approvals", "Boundary", "CommandLine", "Configuration", "Core", "Egress", "Orchestrator",
            "Policy",
            "PolicyFiles", "Privacy", "Providers", "RE2", "Receipts", "Routing", "StorageSQLite", "TestSupport",
            "Tokens",
            "Tools",
        ], [argumentParser, crypto, systemPackage]),
    tests("Classification", ["Classification", "Core", "Embeddings", "TestSupport"]),
    tests("Configuration", ["Configuration", "Core"]),
    tests("Core", ["Core", "TestSupport"]),
    tests(
        "Document",
        [
            "Agents", "CommandLine", "Configuration", "Core", "Orchestrator", "RE2", "Receipts", "Routing", "Server",
            "StorageSQLite", "Tokens", "Tools",
        ], [argumentParser, grdb, nioHTTP1]),
    tests("Egress", ["Core", "Egress"]),
    tests("Embeddings", ["Core", "Embeddings", "TestSupport"]),
    // Starts the program itself, and one with tools of the tests': the builds of them must be there.
    .testTarget(
        name: "EndToEndTests", dependencies: ["orch", "orch-with-tools"], path: "Tests/EndToEndTests",
        swiftSettings: settings),
    .executableTarget(
        name: "orch-with-tools", dependencies: ["Orchestrators"], path: "Tests/Programs/orch-with-tools",
        swiftSettings: settings),
    tests(
        "HTTPTransport", ["Core", "Egress", "HTTPTransport", "TestSupport"], [nioCore, nioPosix, nioSSL]),
    tests("Hyperscan", ["Hyperscan", "Privacy", "TestSupport"]),
    tests("KeyFiles", ["Core", "KeyFiles", "Receipts", "TestSupport"]),
    tests("ModelClients", ["Core", "Egress", "ModelClients", "Providers", "TestSupport"]),
    tests("Observability", ["Core", "Observability"], [coreMetrics, logging]),
    tests(
        "Orchestrator",
        [
            "Agents", "Approvals", "Core", "Egress", "Orchestrator", "Privacy", "Providers", "RE2", "Receipts",
            "Routing",
            "StorageSQLite", "TestSupport", "Tokens", "Tools",
        ]),
    tests("Policy", ["Core", "Policy", "RE2"]),
    tests(
        "PolicyFiles",
        ["Agents", "Boundary", "Core", "Policy", "PolicyFiles", "RE2", "Routing", "TestSupport", "Tokens", "Tools"]),
    tests("Privacy", ["Privacy", "TestSupport"]),
    tests("Providers", ["Core", "Egress", "Providers", "TestSupport"]),
    tests("RE2", ["Core", "RE2", "TestSupport"]),
    tests("Receipts", ["Core", "Receipts", "TestSupport"], [crypto]),
    tests("Routing", ["Core", "RE2", "Routing"]),
    tests(
        "Server",
        [
            "Agents", "Approvals", "Core", "Egress", "HTTPTransport", "ModelClients", "Orchestrator", "Policy",
            "PolicyFiles", "Providers", "RE2", "Receipts", "Routing", "Server", "StorageSQLite", "TestSupport",
            "Tokens",
            "Tools",
        ], [grdb, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle]),
    tests("Sandbox", ["Core", "Sandbox", "TestSupport", "Tools"]),
    tests("SourceTrees", ["Core", "SourceTrees"]),
    tests("StorageSQLite", ["Approvals", "Core", "Receipts", "Routing", "StorageSQLite", "TestSupport"], [grdb]),
    tests("Tokens", ["Core", "TestSupport", "Tokens"]),
    tests("Tools", ["Core", "Tools"], [bigInt]),
    tests("Webhooks", ["Approvals", "Core", "Egress", "TestSupport", "Webhooks"], [crypto]),
]

// Built only with BENCHMARKS=1, so that ordinary builds and tests do not see them.
let benchmarks: [Target] =
    Context.environment["BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "CalculatorBenchmark", dependencies: ["OrchTools"], path: "Benchmarks/CalculatorBenchmark",
            swiftSettings: settings),
        .executableTarget(
            name: "EmbeddingsBenchmark", dependencies: ["OrchCore", "OrchEmbeddings"],
            path: "Benchmarks/EmbeddingsBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "PartsBenchmark",
            dependencies: [
                "OrchAgents", "OrchCore", "OrchEgress", "OrchModelClients", "OrchOrchestrator", "OrchPolicy",
                "OrchPolicyFiles", "OrchProviders", "OrchRE2", "OrchReceipts", "OrchRouting", "OrchTokens", "OrchTools",
            ],
            path: "Benchmarks/PartsBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "PrivacyBenchmark",
            dependencies: ["OrchCore", "OrchHyperscan", "OrchPrivacy"],
            path: "Benchmarks/PrivacyBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "PruningBenchmark", dependencies: ["OrchCore", "OrchEmbeddings", "OrchTokens"],
            path: "Benchmarks/PruningBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "ReceiptsBenchmark",
            dependencies: ["OrchCore", "OrchReceipts", "OrchStorageSQLite", grdb, grdbSQLite],
            path: "Benchmarks/ReceiptsBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "RoutingBenchmark",
            dependencies: [
                "OrchClassification", "OrchCore", "OrchEmbeddings", "OrchOrchestrator", "OrchPolicyFiles", "OrchRE2",
                "OrchRouting",
            ],
            path: "Benchmarks/RoutingBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "SandboxBenchmark", dependencies: ["OrchSandbox"], path: "Benchmarks/SandboxBenchmark",
            swiftSettings: settings),
        .executableTarget(
            name: "StreamBenchmark", dependencies: [nioCore, nioPosix], path: "Benchmarks/StreamBenchmark",
            swiftSettings: settings),
        .executableTarget(
            name: "TokensBenchmark", dependencies: ["OrchCore", "OrchTokens"], path: "Benchmarks/TokensBenchmark",
            swiftSettings: settings),
    ]

let package = Package(
    name: "orchestrators",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "orch", targets: ["orch"]),
        // For executables with tools of their own; examples/swift-tools is one.
        .library(name: "Orchestrators", targets: ["Orchestrators"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: core + domain + adapters + pipeline + delivery + program + checks + benchmarks,
    cxxLanguageStandard: .cxx17
)
