import Foundation
import OrchCore

/// A long meeting with questions, and the turns that hold the answers.
struct Meeting {
    struct Turn {
        var speaker: String
        var text: String
    }

    struct Query {
        var text: String
        /// Places of turns.
        var answer: [Int]
    }

    var turns: [Turn]
    var queries: [Query]
    /// Beginnings that summaries are compared with.
    var leads: [String]

    static func read(_ path: String) throws -> [Meeting] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try data.split(separator: UInt8(ascii: "\n")).map { line in
            let value = try JSONValue(parsing: Array(line)).objectValue
            return Meeting(
                turns: list(value?["turns"]).map {
                    Turn(speaker: text($0.objectValue?["speaker"]), text: text($0.objectValue?["text"]))
                },
                queries: list(value?["queries"]).map {
                    Query(
                        text: text($0.objectValue?["text"]),
                        answer: list($0.objectValue?["answer"]).compactMap(\.intValue))
                },
                leads: list(value?["leads"]).map { text($0) })
        }
    }

    private static func list(_ value: JSONValue?) -> [JSONValue] { value?.arrayValue ?? [] }
    private static func text(_ value: JSONValue?) -> String { value?.stringValue ?? "" }
}
