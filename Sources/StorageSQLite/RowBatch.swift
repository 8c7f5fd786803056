import GRDB
import OrchReceipts

/// Rows of one table, gathered and then inserted many with one statement.
///
/// A statement that inserts many rows opens its table once, and finds the place of each row beside the one before: with
/// keys that ascend that is no search at all. All bytes stand in one array and are bound without copying them again.
struct RowBatch {
    private enum Cell {
        case text(Range<Int>)
        case blob(Range<Int>)
        case integer(Int)
        case null
    }

    /// A table that rows go into.
    struct Table: Sendable {
        let columns: Int
        /// Statements that insert so many rows, the most first.
        fileprivate let statements: [(width: Int, sql: String)]

        /// - Parameter name: With its columns: `table(one, two)`.
        init(_ name: String, columns: Int) {
            self.columns = columns
            let row = "(" + repeatElement("?", count: columns).joined(separator: ",") + ")"
            statements = [16, 8, 4, 2, 1].map { width in
                let rows = repeatElement(row, count: width).joined(separator: ",")
                return (width, "INSERT INTO \(name) VALUES \(rows)")
            }
        }
    }

    private let table: Table
    private var bytes: [UInt8] = []
    private var cells: [Cell] = []
    /// Where each row's cells begin, with the key that rows are sorted by.
    private var rows: [(key: String, firstCell: Int)] = []

    init(into table: Table) {
        self.table = table
    }

    /// Begins a row. Rows are inserted by ascending keys, those of one key in the order in which they came.
    mutating func beginRow(key: String) { rows.append((key, cells.count)) }

    mutating func add(_ text: String) { add(text.utf8, Cell.text) }
    mutating func add(text: [UInt8]) { add(text, Cell.text) }
    mutating func add(blob: [UInt8]) { add(blob, Cell.blob) }
    mutating func add(_ integer: Int?) { cells.append(integer.map(Cell.integer) ?? .null) }

    /// Adds all columns of a row of texts.
    mutating func add(_ row: StoredRow) {
        let start = bytes.count
        bytes.append(contentsOf: row.bytes)
        for column in 0..<row.columns {
            let range = row.range(column)
            cells.append(.text(start + range.lowerBound..<start + range.upperBound))
        }
    }

    private mutating func add(_ value: some Collection<UInt8>, _ cell: (Range<Int>) -> Cell) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        cells.append(cell(start..<bytes.count))
    }

    /// Inserts what was gathered.
    mutating func insert(_ db: Database) throws {
        guard !rows.isEmpty else { return }
        if !zip(rows, rows.dropFirst()).allSatisfy({ $0.key <= $1.key }) {
            rows = rows.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
        }
        var rest = rows[...]
        for (width, sql) in table.statements where rest.count >= width {
            let statement = try RawStatement(db, sql)
            while rest.count >= width {
                try insert(rest.prefix(width), statement)
                rest = rest.dropFirst(width)
            }
        }
        bytes.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
    }

    private func insert(_ rows: ArraySlice<(key: String, firstCell: Int)>, _ statement: RawStatement) throws {
        try bytes.withUnsafeBytes { bytes in
            var parameter: Int32 = 1
            for row in rows {
                for cell in cells[row.firstCell..<row.firstCell + table.columns] {
                    switch cell {
                    case .text(let range): statement.bind(parameter, borrowedText: .init(rebasing: bytes[range]))
                    case .blob(let range): statement.bind(parameter, borrowedBlob: .init(rebasing: bytes[range]))
                    case .integer(let value): statement.bind(parameter, value)
                    case .null: statement.bind(parameter, nil)
                    }
                    parameter += 1
                }
            }
            defer { statement.clearBindings() }
            try statement.run()
        }
    }
}
