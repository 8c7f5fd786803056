/// A small project that is in order, to be put out of order.
enum MadeUpProject {
    static let page = """
        | layer | module | may import | what it holds |
        | --- | --- | --- | --- |
        | core | Core | – | values |
        | domain | Routing | Core | rules |
        | domain | Tools | Core | tools |
        | adapter | CShim | – | C |
        | adapter | Storage | Core, Tools | rows |
        | pipeline | Pipeline | Core, Routing, Tools | the way |
        | program | orch | everything | all |

        More text | with | bars.
        """

    static let package = """
        let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

        func module(_ name: String, _ modules: [String] = [], _ products: [Target.Dependency] = []) -> Target {
            .target(name: "Orch\\(name)", dependencies: products, path: "Sources/\\(name)")
        }

        let all = [
            module("Core"),
            module("Routing", ["Core"]),
            module("Tools", ["Core"]),
            .target(name: "CShim", path: "Sources/CShim", linkerSettings: [.linkedLibrary("c")]),
            module(
                "Storage", ["Core", "Tools"], [grdb],
                resources: [.embedInCode("schema.sql")]),
            module("Pipeline", ["Core", "Routing", "Tools"]),
            .executableTarget(
                name: "orch",
                dependencies: [
                    "OrchCore", "OrchPipeline", "OrchRouting", "OrchStorage", "OrchTools",
                ],
                path: "Sources/orch"),
            .target(name: "OrchTestSupport", dependencies: ["OrchCore"], path: "Tests/TestSupport"),
        ]
        """

    static let sources: [String: String] = [
        "Core/Value.swift": "package struct Value {}\n",
        "Routing/Rule.swift": "package import OrchCore\n",
        "Tools/Tool.swift": "import OrchCore\n",
        "CShim/shim.c": "int shim;\n",
        "Storage/Rows.swift": "import GRDB\nimport OrchCore\npackage import OrchTools\n",
        "Pipeline/Way.swift": "import OrchCore\nimport OrchRouting\nimport OrchTools\nimport Synchronization\n",
        "orch/Main.swift": "import OrchPipeline\nimport OrchStorage\n",
    ]

    /// The project with changes to its page, package and files, and what the check says of it.
    static func faults(
        page: (String, String)? = nil, package: (String, String)? = nil, sources changes: [String: String] = [:],
        folders: [String] = [], rules change: (inout ArchitectureRules) -> Void = { _ in }
    ) -> [String] {
        var faults: [String] = []
        let files = sources.merging(changes) { $1 }.sorted { $0.key < $1.key }
            .map { SourceFile(path: "Sources/\($0.key)", text: $0.value) }
        var rules = ArchitectureRules()
        rules.thirdParty = ["GRDB": ["Storage"]]
        rules.insideALayer = [:]
        rules.exceptions = [:]
        rules.foundation = [:]
        change(&rules)
        let architecture = Architecture(
            table: ModuleTable(
                markdown: page.map { self.page.replacing($0.0, with: $0.1) } ?? self.page, faults: &faults),
            manifest: Manifest(package.map { self.package.replacing($0.0, with: $0.1) } ?? self.package),
            folders: Set(files.map(\.module)).union(folders).sorted(), files: files, rules: rules)
        return faults + architecture.faults()
    }
}
