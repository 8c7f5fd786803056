import Testing

/// The check finds what it is for: each way to break a project that is in order is told, and nothing else is.
struct CheckerTests {
    @Test func `a project in order has no faults`() {
        #expect(MadeUpProject.faults() == [])
    }

    @Test func `an import that is not in the table is told`() {
        let faults = MadeUpProject.faults(sources: ["Routing/Bad.swift": "\n@testable import OrchStorage\n"])
        #expect(
            faults == ["Sources/Routing/Bad.swift:2 imports OrchStorage: ARCHITECTURE.md does not let Routing"])
    }

    @Test func `an arrow of the table that Package.swift has not is told`() {
        let faults = MadeUpProject.faults(
            page: ("Storage | Core, Tools", "Storage | Core, Routing, Tools"),
            sources: ["Storage/More.swift": "import OrchRouting\n"])
        #expect(faults == ["ARCHITECTURE.md has the arrow Storage → Routing, Package.swift has not"])
    }

    @Test func `an arrow of Package.swift that the table has not is told`() {
        let faults = MadeUpProject.faults(
            package: ("module(\"Tools\", [\"Core\"])", "module(\"Tools\", [\"Core\", \"Routing\"])"))
        #expect(faults == ["Package.swift has the arrow Tools → Routing, ARCHITECTURE.md has not"])
    }

    @Test func `an arrow that the program lacks in Package.swift is told`() {
        let faults = MadeUpProject.faults(package: ("\"OrchRouting\", \"OrchStorage\"", "\"OrchStorage\""))
        #expect(faults == ["ARCHITECTURE.md has the arrow orch → Routing, Package.swift has not"])
    }

    @Test func `an arrow that no file uses is told`() {
        let faults = MadeUpProject.faults(sources: ["Tools/Tool.swift": "// import OrchCore\n"])
        #expect(faults == ["ARCHITECTURE.md lets Tools import Core, and no file does"])
    }

    @Test func `a folder that is missing from the table is told`() {
        #expect(
            MadeUpProject.faults(folders: ["Utils"]) == ["Sources/Utils is missing from ARCHITECTURE.md"])
    }

    @Test func `a row without a folder is told`() {
        let faults = MadeUpProject.faults(
            page: ("| core | Core | – | values |", "| core | Core | – | values |\n| domain | Ghost | – | none |"))
        #expect(
            faults == [
                "ARCHITECTURE.md has Ghost, but there is no Sources/Ghost", "Package.swift has no target for Ghost",
            ])
    }

    @Test func `a target that is missing from the table is told`() {
        let faults = MadeUpProject.faults(package: ("module(\"Core\"),", "module(\"Core\"), module(\"Extra\"),"))
        #expect(faults == ["Package.swift has a target for Extra, which is missing from ARCHITECTURE.md"])
    }

    @Test func `a page without a table is told`() {
        #expect(
            MadeUpProject.faults(page: ("may import", "imports")).contains("ARCHITECTURE.md has no table of modules"))
    }

    @Test func `a layer that is not known is told`() {
        #expect(
            MadeUpProject.faults(page: ("| domain | Tools", "| helper | Tools"))
                .contains("ARCHITECTURE.md: Tools is in a layer that is not known: helper"))
    }

    @Test func `an arrow inside a layer is told, unless it is excepted`() {
        let change = (
            page: ("Tools | Core |", "Tools | Core, Routing |"),
            package: ("\"Tools\", [\"Core\"]", "\"Tools\", [\"Core\", \"Routing\"]")
        )
        let sources = ["Tools/More.swift": "import OrchRouting\n"]
        #expect(
            MadeUpProject.faults(page: change.page, package: change.package, sources: sources)
                == ["the arrow Tools → Routing does not point down: domain to domain"])
        #expect(
            MadeUpProject.faults(page: change.page, package: change.package, sources: sources) {
                $0.insideALayer = ["Tools → Routing": "a reason"]
            } == [])
    }

    @Test func `an arrow to an adapter is told`() {
        let faults = MadeUpProject.faults(
            page: ("Pipeline | Core, Routing, Tools", "Pipeline | Core, Routing, Storage, Tools"),
            package: (
                "\"Pipeline\", [\"Core\", \"Routing\", \"Tools\"]",
                "\"Pipeline\", [\"Core\", \"Routing\", \"Storage\", \"Tools\"]"
            ),
            sources: ["Pipeline/More.swift": "import OrchStorage\n"])
        #expect(
            faults == ["the arrow Pipeline → Storage leads to an adapter, which only the program may import"])
    }

    @Test func `a cycle is told with its modules, and not those above it`() {
        let faults = MadeUpProject.faults(sources: ["Core/Bad.swift": "import OrchTools\n"])
        #expect(
            faults == [
                "Sources/Core/Bad.swift:1 imports OrchTools: ARCHITECTURE.md does not let Core",
                "modules import each other in a cycle: Core, Tools",
            ])
    }

    @Test(arguments: [
        ("Tools/Bad.swift", "import GRDB\n", "only Storage may"),
        ("Tools/Bad.swift", "import Alamofire\n", "ArchitectureRules.thirdParty does not name it"),
        (
            "Tools/Bad.swift", "import struct Foundation.Date\n",
            "no Foundation without a reason in ArchitectureRules.foundation"
        ),
        (
            "Tools/Bad.swift", "package import FoundationEssentials\n",
            "no Foundation without a reason in ArchitectureRules.foundation"
        ),
    ])
    func `an import of others that a layer may not have is told`(path: String, source: String, reason: String) {
        let faults = MadeUpProject.faults(sources: [path: source])
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("Sources/\(path):1 imports ") ?? false)
        #expect(faults.first?.hasSuffix(reason) ?? false)
    }

    @Test func `a product that Package.swift does not give is told`() {
        let faults = MadeUpProject.faults(package: ("[\"Core\", \"Tools\"], [grdb]", "[\"Core\", \"Tools\"], []"))
        #expect(
            faults == ["Sources/Storage/Rows.swift:1 imports GRDB: Package.swift does not give Storage that product"])
    }

    @Test func `Foundation with a reason passes, and a reason that nothing needs is told`() {
        let sources = ["Tools/Dates.swift": "import Foundation\n"]
        #expect(MadeUpProject.faults(sources: sources) { $0.foundation = ["Sources/Tools/Dates.swift": "why"] } == [])
        #expect(
            MadeUpProject.faults { $0.foundation = ["Sources/Tools/Gone.swift": "why"] }
                == ["ArchitectureRules has an exception that nothing needs: Sources/Tools/Gone.swift"])
    }

    @Test func `a file over the limit is told, one at the limit is not`() {
        let line = "let a = 1\n"
        #expect(MadeUpProject.faults(sources: ["Core/Long.swift": String(repeating: line, count: 600)]) == [])
        #expect(
            MadeUpProject.faults(sources: ["Core/Long.swift": String(repeating: line, count: 601)])
                == ["Sources/Core/Long.swift has 601 lines; 600 are two files"])
        #expect(
            MadeUpProject.faults(sources: ["CShim/long.c": String(repeating: "x\n", count: 601)])
                == ["Sources/CShim/long.c has 601 lines; 600 are two files"])
    }

    @Test(arguments: [
        ("let a = try! f()", "try!"), ("let a = b as! C", "as!"), ("fatalError(\"no\")", "fatalError"),
        ("fatalError ()", "fatalError"), ("Task { await f() }", "Task {"), ("_ = Task(priority: .high) { }", "Task {"),
        ("let t = Task<Void, Never> { }", "Task {"), ("Task.detached { }", "Task.detached"),
        ("Task .detached { }", "Task.detached"), ("_Concurrency.Task { }", "Task {"),
        ("let s = \"\\(try! f())\"", "try!"),
    ])
    func `what is banned is told`(code: String, word: String) {
        let faults = MadeUpProject.faults(sources: ["Core/Bad.swift": "let x = 1\n\(code)\n"])
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("Sources/Core/Bad.swift:2 has \(word): ") ?? false, "\(faults)")
    }

    @Test(arguments: [
        "// try! is banned", "/* Task { } /* as! */ fatalError( */ let a = 1", "let s = \"Task { as! }\"",
        "let s = #\"a \" try! \\(b)\"#", "let s = \"\"\"\n    Task { }\n    \"\"\"", "group.addTask { }",
        "loop.scheduleTask(in: t) { }", "if Task.isCancelled { }", "try await Task.sleep(for: t)", "let a = b as? C",
        "enum TaskKind { case a }", "if hasTry != isAs { }",
    ])
    func `what only looks like it passes`(code: String) {
        #expect(MadeUpProject.faults(sources: ["Core/Good.swift": code + "\n"]) == [])
    }

    @Test func `an exception holds for its file and word alone`() {
        let sources = ["Core/A.swift": "Task { }\n", "Core/B.swift": "Task { }\n"]
        let faults = MadeUpProject.faults(sources: sources) { $0.exceptions = ["Sources/Core/A.swift: Task {": "why"] }
        #expect(faults == ["Sources/Core/B.swift:1 has Task {: use a task group, or a Service"])
        #expect(
            MadeUpProject.faults { $0.exceptions = ["Sources/Core/A.swift: Task {": "why"] }
                == ["ArchitectureRules has an exception that nothing needs: Sources/Core/A.swift: Task {"])
    }
}

struct SwiftCodeTests {
    @Test func `imports are found in every form`() {
        let code = SwiftCode(
            """
            @testable import OrchA
            @preconcurrency package import OrchB
            import struct OrchC.Thing; import OrchD
            #if canImport(OrchE)
                import OrchF
            #endif
            // import OrchG
            let text = "import OrchH"
            let important = 1
            @_spi(Inside) public import OrchI
            """)
        #expect(code.imports.map(\.module) == ["OrchA", "OrchB", "OrchC", "OrchD", "OrchF", "OrchI"])
        #expect(code.imports.map(\.line) == [1, 2, 3, 3, 5, 10])
    }

    @Test func `line breaks and code in interpolations stay, texts and comments go`() {
        let code = SwiftCode("let a = \"x \\(f(\"y\", (b)))z\" // c\n/* d\n */ let e = #\"\\\"\"# + g")
        #expect(code.lines.count == 3)
        #expect(code.lines.joined().filter { !$0.isWhitespace } == "leta=f(,(b))lete=+g")
    }
}
