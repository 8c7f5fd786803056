import OrchCore

/// A file that cannot be taken in, with the place of the fault.
///
/// The file is named by its last path component; of its contents only key names and expressions are quoted, cut short.
package struct PolicyFileError: CodedError, Hashable {
    package enum Code: String, Sendable {
        case missingFile = "missing_file"
        case unreadableFile = "unreadable_file"
        case tooLarge = "file_too_large"
        case tooComplex = "file_too_complex"
        case invalidEncoding = "invalid_encoding"
        case invalidYAML = "invalid_yaml"
        case invalidJSON = "invalid_json"
        case unknownKey = "unknown_key"
        case missingKey = "missing_key"
        case duplicateKey = "duplicate_key"
        case wrongType = "wrong_type"
        case invalidValue = "invalid_value"
    }

    package let code: Code
    /// The last component of the file's path.
    package let file: String
    package let position: SourcePosition?
    package let reason: String

    package var line: Int? { position?.line }
    package var column: Int? { position?.column }
    package var codeName: String { code.rawValue }

    package var message: String {
        guard let position else { return "\(file): \(reason)" }
        return "\(file):\(position.line):\(position.column): \(reason)"
    }

    init(_ code: Code, file: String, at position: SourcePosition? = nil, _ reason: String) {
        self.code = code
        self.file = file
        self.position = position
        self.reason = reason
    }
}

/// A place in a text file. Both count from 1; a column is one Unicode scalar.
package struct SourcePosition: Sendable, Hashable {
    package let line: Int
    package let column: Int
}

extension SourcePosition {
    /// The place of a byte.
    init(of offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column)
    }
}
