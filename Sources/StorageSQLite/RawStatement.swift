import GRDB
import GRDBSQLite
import OrchReceipts

/// A prepared statement, bound and stepped without boxing its values.
///
/// GRDB keeps the statement compiled, and finalizes it with its connection. It must not be used beyond the access to the
/// database in which it was made.
struct RawStatement {
    private let statement: GRDB.Statement
    private var pointer: OpaquePointer { statement.sqliteStatement }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
    }

    // MARK: Binding (parameters are counted from 1)

    func bind(_ parameter: Int32, _ value: Int?) {
        guard let value else {
            _ = sqlite3_bind_null(pointer, parameter)
            return
        }
        sqlite3_bind_int64(pointer, parameter, Int64(value))
    }

    func bind(_ parameter: Int32, _ value: Int) { sqlite3_bind_int64(pointer, parameter, Int64(value)) }

    func bind(_ parameter: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bind(parameter, text: UnsafeRawBufferPointer($0)) }
    }

    /// Binds UTF-8.
    func bind(_ parameter: Int32, text: [UInt8]) { text.withUnsafeBytes { bind(parameter, text: $0) } }

    func bind(_ parameter: Int32, blob: [UInt8]) {
        blob.withUnsafeBytes { bytes in
            // A null pointer would be NULL, not an empty blob.
            if bytes.isEmpty {
                _ = sqlite3_bind_zeroblob(pointer, parameter, 0)
            } else {
                _ = sqlite3_bind_blob(pointer, parameter, bytes.baseAddress, Int32(bytes.count), Self.transient)
            }
        }
    }

    /// Binds UTF-8 without copying it: it must stay where it is until ``clearBindings()``.
    func bind(_ parameter: Int32, borrowedText text: UnsafeRawBufferPointer) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(pointer, parameter, start, Int32(text.count), nil)
    }

    /// The same for a blob, which must not be empty.
    func bind(_ parameter: Int32, borrowedBlob blob: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(pointer, parameter, blob.baseAddress, Int32(blob.count), nil)
    }

    func clearBindings() { sqlite3_clear_bindings(pointer) }

    private func bind(_ parameter: Int32, text: UnsafeRawBufferPointer) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(pointer, parameter, start, Int32(text.count), Self.transient)
    }

    // MARK: Running

    /// Runs a statement that gives no rows, and makes it ready for the next time.
    ///
    /// - Returns: How many rows it changed.
    @discardableResult
    func run() throws -> Int {
        defer { reset() }
        try check(sqlite3_step(pointer), SQLITE_DONE)
        return Int(sqlite3_changes(sqlite3_db_handle(pointer)))
    }

    /// Runs it once with the columns of a row as its first parameters.
    @discardableResult
    func run(_ row: StoredRow) throws -> Int {
        try row.bytes.withUnsafeBytes { bytes in
            for column in 0..<row.columns {
                bind(Int32(column + 1), borrowedText: .init(rebasing: bytes[row.range(column)]))
            }
            defer { clearBindings() }
            return try run()
        }
    }

    /// The next row; false where there is none.
    func step() throws -> Bool {
        let code = sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        try check(code, SQLITE_DONE)
        return false
    }

    /// Makes it ready to be bound again.
    func reset() { sqlite3_reset(pointer) }

    private func check(_ code: Int32, _ wanted: Int32) throws {
        guard code != wanted else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: String(cString: sqlite3_errmsg(sqlite3_db_handle(pointer))))
    }

    // MARK: Columns of the row (counted from 0)

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(pointer, column)) }

    /// The bytes of a text or a blob; they last until the next step.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let start = sqlite3_column_blob(pointer, column)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    /// A text; what is not UTF-8 in it is replaced.
    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
}
