import Foundation
import GRDB
import OrchReceipts
import OrchStorageSQLite
import Testing

struct TableDocumentTests {
    /// The tables of a database that was just made, with their columns.
    private let tables: [String: [String]]

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "orch-documents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "trace.db").path
        _ = try TraceDatabase(path: path)
        tables = try DatabaseQueue(path: path).read { db in
            let names = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM sqlite_master
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
                    """)
            return try Dictionary(
                uniqueKeysWithValues: names.map { name in
                    (name, try String.fetchAll(db, sql: "SELECT name FROM pragma_table_xinfo(?)", arguments: [name]))
                })
        }
    }

    @Test func `the README's tables are those of a new database`() throws {
        let rows = try Checkout.document("README.md").rows(under: ["table", "holds"])
        let found = differences(rows.map { $0[0] }, in: "README.md", tables.keys, in: "a new database")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    @Test func `docs/receipts.md has the tables of a new database, with their columns`() throws {
        let document = try Checkout.document("docs/receipts.md")
        let documented = document.section("## Where").filter { $0.hasPrefix("| `") }.flatMap { line -> [String] in
            let spans = MarkdownDocument.spans(line)
            return spans.dropFirst().map { "\(spans[0]).\($0)" }
        }.filter { name in tables.keys.contains { name.hasPrefix("\($0).") } }
        let actual = tables.flatMap { table, columns in columns.map { "\(table).\($0)" } }
        let found = differences(documented, in: "docs/receipts.md", actual, in: "a new database")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }
}
