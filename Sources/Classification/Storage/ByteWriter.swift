/// Appends numbers, little endian, and texts with their length before them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func write(_ raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ number: Double) { write(number.bitPattern) }

    mutating func write(_ text: String) {
        write(UInt32(text.utf8.count))
        write(text.utf8)
    }

    mutating func write(_ hash: TextHash) { hash.withBytes { bytes.append(contentsOf: $0) } }

    mutating func write(_ floats: UnsafeBufferPointer<Float>) {
        bytes.append(contentsOf: UnsafeRawBufferPointer(floats))
    }

    mutating func write(_ numbers: [UInt32]) {
        write(UInt32(numbers.count))
        for number in numbers { write(number) }
    }
}
