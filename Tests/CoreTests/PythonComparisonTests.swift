import OrchCore
import Testing

@Suite("Beside Python's json")
struct PythonComparisonTests {
    @Test("The same texts mean the same values", arguments: PythonJSONTable.rows.indices)
    func same(_ row: Int) throws {
        let (text, expected) = PythonJSONTable.rows[row]
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value == expected)
        // Bit by bit: equality does not see the sign of zero, nor the normal form of a text.
        #expect(Self.shape(value) == Self.shape(expected))
    }

    private static func shape(_ value: JSONValue) -> [String] {
        switch value {
        case .number(let number): ["\(number.bitPattern)"]
        case .string(let text): [text.unicodeScalars.map { "\($0.value)" }.joined(separator: ".")]
        case .array(let elements): ["["] + elements.flatMap(shape)
        case .object(let object): ["{"] + object.members.flatMap { shape(.string($0.key)) + shape($0.value) }
        default: ["\(value)"]
        }
    }
}
