/// A row of texts as it is stored: up to eight columns, their bytes one behind the other.
package struct StoredRow: Sendable {
    package static let maximumColumns = 8

    package private(set) var bytes: [UInt8] = []
    private var ends = SIMD8<Int32>()
    package private(set) var columns = 0

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Adds a column.
    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        endColumn()
    }

    package mutating func append(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
        endColumn()
    }

    /// Adds a column that is written to the end of the bytes.
    package mutating func append(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        endColumn()
    }

    private mutating func endColumn() {
        ends[columns] = Int32(bytes.count)
        columns += 1
    }

    /// Where a column stands in the bytes.
    package func range(_ column: Int) -> Range<Int> {
        Int(column == 0 ? 0 : ends[column - 1])..<Int(ends[column])
    }

    package subscript(_ column: Int) -> ArraySlice<UInt8> { bytes[range(column)] }

    package func text(_ column: Int) -> String { String(decoding: self[column], as: UTF8.self) }
}
