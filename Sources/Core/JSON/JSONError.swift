/// JSON text that cannot be accepted, with the position of the first fault.
package struct JSONError: CodedError, Equatable {
    package let reason: String
    /// Byte offset of the fault, from 0.
    package let offset: Int
    /// Line of the fault, from 1.
    package let line: Int
    /// Column of the fault in bytes, from 1.
    package let column: Int

    package var codeName: String { "invalid_json" }
    package var message: String { "\(reason) at line \(line) column \(column) (byte \(offset))" }

    init(_ reason: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        self.reason = reason
        self.offset = offset
        var line = 1
        var lineStart = 0
        for index in 0..<min(offset, bytes.count) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        self.line = line
        column = offset - lineStart + 1
    }
}
