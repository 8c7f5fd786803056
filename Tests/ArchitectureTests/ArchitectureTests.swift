import Testing

/// The checkout as it is.
struct ArchitectureTests {
    @Test func `sources, ARCHITECTURE.md and Package.swift agree`() throws {
        var faults: [String] = []
        let architecture = Architecture(
            table: ModuleTable(markdown: try Checkout.text("ARCHITECTURE.md"), faults: &faults),
            manifest: Manifest(try Checkout.text("Package.swift")), folders: try Checkout.folders(in: "Sources"),
            files: try Checkout.files(below: "Sources"))
        faults += architecture.faults()
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test func `the check sees the whole checkout`() throws {
        var faults: [String] = []
        let table = ModuleTable(markdown: try Checkout.text("ARCHITECTURE.md"), faults: &faults)
        #expect(table.rows.count >= 20)
        #expect(Manifest(try Checkout.text("Package.swift")).targets.count == table.rows.count)
        let files = try Checkout.files(below: "Sources")
        #expect(files.count(where: \.isSwift) >= 150)
        #expect(files.filter(\.isSwift).flatMap { SwiftCode($0.text).imports }.count >= 300)
    }
}
