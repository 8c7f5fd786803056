/// Reads what ``ByteWriter`` wrote. Every count is held against the bytes that are left before anything is made of it.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func raw(_ count: Int) throws(ClassifierError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw .damaged("the bytes end too early") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(ClassifierError) -> Number {
        Number(littleEndian: try raw(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
    }

    mutating func real() throws(ClassifierError) -> Double { Double(bitPattern: try number()) }

    mutating func float() throws(ClassifierError) -> Float { Float(bitPattern: try number()) }

    /// How many things follow, each of so many bytes at least.
    mutating func count(of size: Int, atMost limit: Int) throws(ClassifierError) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= limit, count <= remaining / size else { throw .damaged("there is more to come than bytes") }
        return count
    }

    mutating func text() throws(ClassifierError) -> String {
        let found = try raw(try count(of: 1, atMost: ClassifierLimits.nameBytes))
        guard let text = String(validating: found, as: UTF8.self) else { throw .damaged("a name is not UTF-8") }
        return text
    }

    mutating func hash() throws(ClassifierError) -> TextHash { TextHash(bytes: try raw(TextHash.byteCount)) }

    /// Rows under a bound.
    mutating func rows(below bound: Int) throws(ClassifierError) -> [UInt32] {
        let count = try count(of: 4, atMost: bound)
        var rows: [UInt32] = []
        rows.reserveCapacity(count)
        for _ in 0..<count { rows.append(try row(below: bound)) }
        return rows
    }

    mutating func row(below bound: Int) throws(ClassifierError) -> UInt32 {
        let row: UInt32 = try number()
        guard row < bound else { throw .damaged("a row is beyond the last") }
        return row
    }
}
