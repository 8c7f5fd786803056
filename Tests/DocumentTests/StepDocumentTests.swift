import OrchReceipts
import Testing

struct StepDocumentTests {
    private let written: Set<String>
    private let reserved: Set<String>

    init() throws {
        let document = try Checkout.document("docs/receipts.md")
        written = Set(document.rows(under: ["step", "when", "payload"]).map { $0[0] })
        let lines = document.section("## Steps").drop { !$0.hasPrefix("Reserved") }.prefix { !$0.isEmpty }
        reserved = Set(MarkdownDocument.spans(lines.joined(separator: " ")))
    }

    @Test func `the steps of docs/receipts.md are the program's`() {
        let found = differences(
            written.union(reserved), in: "docs/receipts.md", StepType.allCases.map(\.rawValue), in: "StepType")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
        #expect(written.isDisjoint(with: reserved))
    }

    @Test func `those that it has a payload for are those that are written`() throws {
        let names = Dictionary(uniqueKeysWithValues: StepType.allCases.map { (String(describing: $0), $0.rawValue) })
        var actual: Set<String> = []
        for path in try Checkout.paths(below: "Sources/Orchestrator", endingIn: ".swift") {
            let matches = try Checkout.text(path).matches(of: /[^\w](?:add|StoredStep)\(\s*\.(\w+)[,)]/)
            actual.formUnion(matches.compactMap { names[String($0.output.1)] })
        }
        let found = differences(written, in: "the table of docs/receipts.md", actual, in: "the pipeline")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }
}
