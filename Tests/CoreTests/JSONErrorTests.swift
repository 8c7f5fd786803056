import OrchCore
import Testing

@Suite("The position of a fault in JSON")
struct JSONErrorTests {
    static let cases: [(String, Int, Int, Int)] = [
        ("x", 0, 1, 1), ("[1,\n2,\n  x]", 9, 3, 3), ("{\n\"a\":\n\n]", 8, 4, 1), ("[\r\nx]", 3, 2, 1),
        ("[\"é\",x]", 6, 1, 7), ("\n\n", 2, 3, 1), ("[1]\n\n]", 5, 3, 1),
    ]

    @Test("Is the byte, the line and the column", arguments: cases)
    func position(_ text: String, _ offset: Int, _ line: Int, _ column: Int) {
        let error = #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: Array(text.utf8)) }
        #expect(error?.offset == offset && error?.line == line && error?.column == column)
    }

    @Test("Is in the message, which shows nothing of the text")
    func message() {
        let error = #expect(throws: JSONError.self) {
            _ = try JSONValue(parsing: Array("[\n \"secret-canary\" 1]".utf8))
        }
        #expect(error?.message == "expected ',' or ']' at line 2 column 18 (byte 19)")
        #expect(error?.codeName == "invalid_json")
        #expect(error?.description == "invalid_json: expected ',' or ']' at line 2 column 18 (byte 19)")
    }
}
