import OrchCore

/// One line of intents in JSON Lines.
struct IntentFileLine {
    let text: String
    let textPosition: SourcePosition
    let intent: String
    let intentPosition: SourcePosition

    private static let keys = ["text", "intent"]

    /// Reads the lines in their order, or throws the first fault with its place. Lines of white space are skipped.
    static func read(_ bytes: [UInt8], file: String, _ body: (IntentFileLine) -> Void) throws(PolicyFileError) {
        guard bytes.count <= PolicyFileSize.intents.bytes else {
            throw PolicyFileError(.tooLarge, file: file, "larger than \(PolicyFileSize.intents.bytes) bytes")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var start = bytes.starts(with: mark) ? mark.count : 0
        var number = 0
        while start < bytes.count {
            number += 1
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = bytes[start..<end]
            start = end + 1
            guard !line.allSatisfy(isSpace) else { continue }
            body(try IntentFileLine(Array(line), number: number, file: file))
        }
    }

    private init(_ bytes: [UInt8], number: Int, file: String) throws(PolicyFileError) {
        func position(_ offset: Int) -> SourcePosition {
            SourcePosition(line: number, column: SourcePosition(of: offset, in: bytes).column)
        }
        let root: JSONNode
        do throws(JSONError) {
            root = try JSONDocument(parsing: bytes).root
        } catch {
            throw PolicyFileError(.invalidJSON, file: file, at: position(error.offset), error.reason)
        }
        func fault(_ code: PolicyFileError.Code, _ offset: Int, _ reason: String) -> PolicyFileError {
            PolicyFileError(code, file: file, at: position(offset), reason)
        }
        func string(_ key: String, _ node: JSONNode?) throws(PolicyFileError) -> (String, SourcePosition) {
            guard let node else { throw fault(.missingKey, root.range.lowerBound, "the key `\(key)` is missing") }
            guard let text = node.string else {
                throw fault(.wrongType, node.range.lowerBound, "expected a string, found \(node.kind.phrase)")
            }
            return (text, position(node.range.lowerBound))
        }
        guard root.kind == .object else {
            throw fault(.wrongType, root.range.lowerBound, "expected an object, found \(root.kind.phrase)")
        }
        var (text, intent): (JSONNode?, JSONNode?) = (nil, nil)
        for member in root.members {
            if member.keyEquals("text") {
                text = member.value
            } else if member.keyEquals("intent") {
                intent = member.value
            } else {
                throw PolicyFileError(
                    unknownKey: member.key, known: Self.keys, file: file, at: position(member.range.lowerBound))
            }
        }
        (self.text, textPosition) = try string("text", text)
        (self.intent, intentPosition) = try string("intent", intent)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
