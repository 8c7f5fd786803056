import Testing

struct ErrorDocumentTests {
    private let rows: [[String]]

    init() throws {
        rows = try Checkout.document("docs/http-api.md").rows(under: ["code", "status", "type", "what to do"])
            .map { $0.map { $0.replacing(" ¹", with: "") } }
    }

    @Test func `the codes of docs/http-api.md are those that the sources can produce`() throws {
        var codes = Set(try serverErrors().map(\.code))
        for path in [
            "Sources/Approvals/ApprovalError.swift", "Sources/Orchestrator/Embeddings/EmbeddingError.swift",
            "Sources/Orchestrator/PipelineError.swift", "Sources/Providers/ProviderError.swift",
        ] {
            codes.formUnion(try Self.values(in: try Checkout.text(path)))
        }
        let found = differences(rows.map { $0[0] }, in: "docs/http-api.md", codes, in: "the server")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
        #expect(Set(rows.map { $0[0] }).count == rows.count, "a code stands there twice")
    }

    @Test func `status and type are those of the server`() throws {
        let documented = Set(rows.map { "\($0[0]): \($0[1]) \($0[2])" })
        let missing = Set(try serverErrors().map { "\($0.code): \($0.status) \($0.type)" }).subtracting(documented)
        #expect(missing.isEmpty, "docs/http-api.md says otherwise than \(missing.sorted())")
    }

    @Test func `the codes of docs/safe-calculator.md are the calculator's`() throws {
        let document = try Checkout.document("docs/safe-calculator.md")
        let source = try Checkout.text("Sources/Tools/Calculator/CalculationError.swift")
        let found = differences(
            document.rows(under: ["code", "for example"]).map { $0[0] }, in: "docs/safe-calculator.md",
            source.matches(of: /Code\("(\w+)"\)/).map { String($0.output.1) }, in: "the calculator")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    /// What stands in the server's sources as `status: 404, type: "…", code: "…"`; a line may choose between codes.
    private func serverErrors() throws -> [(status: String, type: String, code: String)] {
        var errors: [(status: String, type: String, code: String)] = []
        for path in try Checkout.paths(below: "Sources/Server", endingIn: ".swift") {
            for line in try Checkout.text(path).split(separator: "\n") where line.contains(/\bcode: [^,]*"/) {
                let match = try #require(
                    line.firstMatch(of: /status: (\d+), type: "(\w+)", code: (.*)/),
                    "\(path): write status, type and code of an error in one line: \(line)")
                let codes = match.output.3.prefix(
                    upTo: match.output.3.firstRange(of: "message:")?.lowerBound ?? line.endIndex)
                errors += codes.matches(of: /"(\w+)"/).map {
                    (String(match.output.1), String(match.output.2), String($0.output.1))
                }
            }
        }
        return errors
    }

    /// The raw values of an `enum Value: String`.
    private static func values(in source: String) throws -> Set<String> {
        let body = try #require(source.firstMatch(of: /enum Value: String \{([^}]*)\}/)).output.1
        return Set(body.matches(of: /case (\w+)(?: = "(\w+)")?/).map { String($0.output.2 ?? $0.output.1) })
    }
}
