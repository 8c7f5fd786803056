import OrchCore
import OrchTestSupport
import Testing

@Suite("The JSON scanner")
struct JSONScannerTests {
    /// A text that is refused, and where.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let reason: String
        let offset: Int
        var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }

        init(_ text: String, _ reason: String, _ offset: Int) {
            self.init(Array(text.utf8), reason, offset)
        }

        init(_ bytes: [UInt8], _ reason: String, _ offset: Int) {
            self.bytes = bytes
            self.reason = reason
            self.offset = offset
        }

        /// Bytes inside a string.
        static func inString(_ bytes: [UInt8], _ reason: String = "invalid UTF-8", _ offset: Int = 1) -> Refusal {
            Refusal([0x22] + bytes + [0x22], reason, offset)
        }
    }

    static let refusals: [Refusal] =
        structure + numbers + literals + strings + encodings

    static let structure = [
        Refusal("", "unexpected end of text", 0), Refusal(" \n", "unexpected end of text", 2),
        Refusal("[", "unexpected end of text", 1), Refusal("]", "unexpected character", 0),
        Refusal("[1", "expected ',' or ']'", 2), Refusal("[1,", "unexpected end of text", 3),
        Refusal("[1,]", "unexpected character", 3), Refusal("[,1]", "unexpected character", 1),
        Refusal("[,]", "unexpected character", 1), Refusal("[1,,2]", "unexpected character", 3),
        Refusal("[1 2]", "expected ',' or ']'", 3), Refusal("[1}", "expected ',' or ']'", 2),
        Refusal("[1]]", "unexpected text after the value", 3), Refusal("[][]", "unexpected text after the value", 2),
        Refusal("1 2", "unexpected text after the value", 2), Refusal("{}x", "unexpected text after the value", 2),
        Refusal("[1:2]", "expected ',' or ']'", 2), Refusal("[\"a\":1]", "expected ',' or ']'", 4),
        Refusal("{", "expected a key in double quotes", 1), Refusal("{,}", "expected a key in double quotes", 1),
        Refusal("{1:2}", "expected a key in double quotes", 1), Refusal("{a:1}", "expected a key in double quotes", 1),
        Refusal("{'a':1}", "expected a key in double quotes", 1), Refusal("{\"a\"}", "expected ':'", 4),
        Refusal("{\"a\" 1}", "expected ':'", 5), Refusal("{\"a\",1}", "expected ':'", 4),
        Refusal("{\"a\":}", "unexpected character", 5), Refusal("{\"a\":1", "expected ',' or '}'", 6),
        Refusal("{\"a\":1]", "expected ',' or '}'", 6), Refusal("{\"a\":1,}", "expected a key in double quotes", 7),
        Refusal("{\"a\":1 \"b\":2}", "expected ',' or '}'", 7), Refusal("{\"a\"::1}", "unexpected character", 5),
        Refusal("{null:1}", "expected a key in double quotes", 1), Refusal("// x\n1", "unexpected character", 0),
        Refusal("1/**/", "unexpected text after the value", 1), Refusal("#1", "unexpected character", 0),
        Refusal("\u{0C}1", "unexpected character", 0), Refusal("\u{0B}1", "unexpected character", 0),
        Refusal("\u{A0}1", "unexpected character", 0), Refusal("\u{2028}1", "unexpected character", 0),
        Refusal("1\u{0}", "unexpected text after the value", 1), Refusal("\u{0}", "unexpected character", 0),
        Refusal("{\"a\":1}\u{0}", "unexpected text after the value", 7),
    ]

    static let numbers = [
        Refusal("-", "expected a digit", 1), Refusal("+1", "unexpected character", 0),
        Refusal("--1", "expected a digit", 1), Refusal("- 1", "expected a digit", 1),
        Refusal("01", "unexpected text after the value", 1), Refusal("-01", "unexpected text after the value", 2),
        Refusal("00", "unexpected text after the value", 1), Refusal(".5", "unexpected character", 0),
        Refusal("-.5", "expected a digit", 1), Refusal("1.", "expected a digit", 2),
        Refusal("[1.]", "expected a digit", 3), Refusal("1.e1", "expected a digit", 2),
        Refusal("1e", "expected a digit", 2), Refusal("1E+", "expected a digit", 3),
        Refusal("1e-", "expected a digit", 3), Refusal("1e1.5", "unexpected text after the value", 3),
        Refusal("1e+-1", "expected a digit", 3), Refusal("0x1F", "unexpected text after the value", 1),
        Refusal("1_000", "unexpected text after the value", 1), Refusal("1,000", "unexpected text after the value", 1),
        Refusal("1a", "unexpected text after the value", 1), Refusal("NaN", "unexpected character", 0),
        Refusal("nan", "unexpected word", 0), Refusal("Infinity", "unexpected character", 0),
        Refusal("-Infinity", "expected a digit", 1), Refusal("\u{FF11}", "unexpected character", 0),
        Refusal("1e400", "number out of range", 0), Refusal("[-1e309]", "number out of range", 1),
        Refusal("1e99999999999999999999", "number out of range", 0),
        Refusal(String(repeating: "9", count: 400), "number out of range", 0),
    ]

    static let literals = [
        Refusal("True", "unexpected character", 0), Refusal("NULL", "unexpected character", 0),
        Refusal("nul", "unexpected word", 0), Refusal("[fals]", "unexpected word", 1),
        Refusal("truex", "unexpected text after the value", 4), Refusal("undefined", "unexpected character", 0),
        Refusal("t", "unexpected word", 0),
    ]

    static let strings = [
        Refusal("\"", "string is not closed", 0), Refusal("\"abc", "string is not closed", 0),
        Refusal("[\"a]", "string is not closed", 1), Refusal("'a'", "unexpected character", 0),
        Refusal("\"a\\\"", "string is not closed", 0), Refusal("\"\\x41\"", "unknown escape in a string", 1),
        Refusal("\"\\a\"", "unknown escape in a string", 1), Refusal("\"\\'\"", "unknown escape in a string", 1),
        Refusal("\"\\U0041\"", "unknown escape in a string", 1), Refusal("\"\\\n\"", "unknown escape in a string", 1),
        Refusal("\"\\", "unknown escape in a string", 1), Refusal("\"\\u\"", "expected four hexadecimal digits", 3),
        Refusal("\"\\u12\"", "expected four hexadecimal digits", 5),
        Refusal("\"\\u12g4\"", "expected four hexadecimal digits", 5),
        Refusal("\"\\u+123\"", "expected four hexadecimal digits", 3),
        Refusal("\"\\u123", "expected four hexadecimal digits", 6),
        Refusal("\"\\ud800\"", "lone surrogate in a string", 1),
        Refusal("\"\\uDfFf\"", "lone surrogate in a string", 1),
        Refusal("\"a\\ud800b\"", "lone surrogate in a string", 2),
        Refusal("\"\\ud800\\n\"", "lone surrogate in a string", 1),
        Refusal("\"\\ud800\\ud800\"", "lone surrogate in a string", 1),
        Refusal("\"\\ud83d\\u0041\"", "lone surrogate in a string", 1),
        Refusal("\"\\udc00\\ud800\"", "lone surrogate in a string", 1),
        Refusal("\"\\ud83d", "lone surrogate in a string", 1),
    ]

    static let encodings = [
        Refusal([0xEF, 0xBB, 0xBF, 0x31], "unexpected character", 0),
        Refusal([0xFE, 0xFF, 0, 0x31], "unexpected character", 0),
        Refusal([0x31, 0], "unexpected text after the value", 1), .inString([0x80]), .inString([0xBF]),
        .inString([0xC0, 0x80]), .inString([0xC0, 0xAF]), .inString([0xC1, 0xBF]), .inString([0xC2]),
        .inString([0xC3, 0x28]), .inString([0xE0, 0x80, 0xAF]), .inString([0xE0, 0x9F, 0xBF]), .inString([0xE2, 0x82]),
        .inString([0xE2, 0x28, 0xA1]), .inString([0xE2, 0x82, 0x28]), .inString([0xED, 0xA0, 0x80]),
        .inString([0xED, 0xBF, 0xBF]), .inString([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
        .inString([0xF0, 0x80, 0x80, 0x80]),
        .inString([0xF0, 0x8F, 0xBF, 0xBF]), .inString([0xF0, 0x9F, 0x98]), .inString([0xF0, 0x9F, 0x28, 0x80]),
        .inString([0xF4, 0x90, 0x80, 0x80]), .inString([0xF5, 0x80, 0x80, 0x80]),
        .inString([0xF8, 0x88, 0x80, 0x80, 0x80]),
        .inString([0xFF]), .inString([0xFE, 0xFF]),
        .inString(Array("long enough ".utf8) + [0xE2, 0x82], "invalid UTF-8", 13),
    ]

    @Test("Refuses what the grammar does not have, and says where", arguments: refusals)
    func refuses(_ refusal: Refusal) {
        let error = #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: refusal.bytes) }
        #expect(error?.reason == refusal.reason)
        #expect(error?.offset == refusal.offset)
    }

    @Test("Refuses each control character in a string, wherever it stands", arguments: UInt8(0)..<0x20)
    func controls(_ control: UInt8) {
        for length in 0..<20 {
            let text = [UInt8](repeating: 0x61, count: length)
            let error = #expect(throws: JSONError.self) {
                _ = try JSONDocument(parsing: [0x22] + text + [control] + text + [0x22])
            }
            #expect(error?.reason == "control character in a string" && error?.offset == length + 1)
        }
    }

    static let accepted: [(String, JSONValue)] = [
        ("null", nil), ("true", true), (" \t\r\n false \t\r\n", false), ("0", 0), ("-0", 0), ("10", 10), ("-1", -1),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9223372036854775808)), ("-9223372036854775809", .number(-9223372036854775808)),
        ("1.5", 1.5), ("1.0", .number(1)), ("1e2", .number(100)), ("1E+2", .number(100)), ("125e-2", 1.25),
        ("0e0", .number(0)), ("0.0", .number(0)), ("1e-400", .number(0)), ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("1e00000000000000000002", .number(100)),
        ("\"\"", ""), ("\"a\"", "a"), ("\"\u{7F}\"", "\u{7F}"), ("\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"), ("\"\\u0041\\u00e9\\u00E9\"", "A\u{E9}\u{E9}"),
        ("\"\\u0000\"", "\u{0}"), ("\"\\ud83d\\ude00\"", "\u{1F600}"), ("\"\\uDBFF\\uDFFD\"", "\u{10FFFD}"),
        ("\"\\ud800\\udc00\"", "\u{10000}"), ("\"\u{E000}\u{FEFF}\"", "\u{E000}\u{FEFF}"),
        ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]), ("[[]]", [[]]), ("[{}]", [[:]]),
        ("[1,\"a\",null,true]", [1, "a", nil, true]), ("{\"\":0}", ["": 0]),
        ("{\"a\":{\"a\":{\"a\":1}}}", ["a": ["a": ["a": 1]]]),
        (" [ 1 , { \"a\" : [ ] } ] ", [1, ["a": []]]), ("{\"\\u0061\":1,\"b\":2}", ["a": 1, "b": 2]),
    ]

    @Test("Accepts what the grammar has, and reads it", arguments: accepted)
    func accepts(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(
        "Accepts the first and last scalar of every length, noncharacters too",
        arguments: [0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFDD0, 0xFFFF, 0x10000, 0x10FFFF] as [UInt32])
    func extremes(_ value: UInt32) throws {
        let text = String(Character(try #require(Unicode.Scalar(value))))
        #expect(try JSONValue(parsing: Array("\"\(text)\"".utf8)) == .string(text))
    }

    @Test("Refuses every beginning of a text, and every text with one byte dropped from its frame")
    func truncations() throws {
        let sample = Array(
            #"{"a\u00e9":[1.5e-3,true,false,null,"x\ud83d\ude00é€😀",{"b":-0}],"c":"0123456789abcdef"}"#.utf8)
        _ = try JSONDocument(parsing: sample)
        for length in 0..<sample.count {
            let error = #expect(throws: JSONError.self, "\(length)") {
                _ = try JSONDocument(parsing: Array(sample[..<length]))
            }
            #expect((error?.offset ?? -1) <= length)
        }
        for start in 1..<sample.count where (try? JSONDocument(parsing: Array(sample[start...]))) != nil {
            Issue.record("accepted from byte \(start)")
        }
    }

    @Test("No single changed byte makes a text that the scanner accepts and that does not read back the same")
    func mutations() throws {
        let sample = Array(#"{"k":[1,-2.5e3,"a\n\u00e9é",{"x":true}],"l":null}"#.utf8)
        for index in sample.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = sample
                bytes[index] = byte
                guard let document = try? JSONDocument(parsing: bytes) else { continue }
                let value = document.root.value
                // The scanner checked the encoding, so the standard library must find nothing to repair.
                #expect(Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes)
                #expect(try JSONValue(parsing: value.serialized).serialized == value.serialized)
            }
        }
    }

    @Test("Takes 64 levels and refuses the 65th", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func depth(_ opening: String) {
        let levels = opening.hasPrefix("[{") ? 2 : 1
        func text(_ depth: Int) -> [UInt8] {
            let closing = opening.reversed().compactMap { $0 == "[" ? "]" : $0 == "{" ? "}" : nil }.joined()
            return Array(
                (String(repeating: opening, count: depth / levels) + "1"
                    + String(repeating: closing, count: depth / levels)).utf8)
        }
        #expect(throws: Never.self) { _ = try JSONDocument(parsing: text(64)) }
        let error = #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: text(66)) }
        #expect(error?.reason == "nested deeper than 64 levels")
        #expect(error?.offset == 64 / levels * opening.utf8.count)
    }

    @Test("Depth counts containers only, and a hundred thousand brackets are refused at the 65th")
    func depthOfScalars() {
        let full = Array((String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)).utf8)
        #expect(throws: Never.self) { _ = try JSONDocument(parsing: full) }
        let over = Array((String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).utf8)
        #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: over) }
        #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: [UInt8](repeating: 0x5B, count: 100_000)) }
        #expect(throws: Never.self) {
            _ = try JSONDocument(parsing: Array("[1]".utf8), limits: JSONLimits(depth: 1))
        }
        #expect(throws: JSONError.self) {
            _ = try JSONDocument(parsing: Array("[[]]".utf8), limits: JSONLimits(depth: 1))
        }
    }
}

@Suite("Keys that come twice")
struct JSONDuplicateKeyTests {
    static let doubles: [(String, Int)] = [
        (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"b":2,"a":1}"#, 13), (#"{"":1,"":2}"#, 6), (#"{"a":1,"\u0061":2}"#, 7),
        (#"{"\u0061":1,"a":2}"#, 12), (#"{"\/":1,"/":2}"#, 8), (#"{"\ud83d\ude00":1,"😀":2}"#, 18),
        (#"[{"x":{"a":1,"a":1}}]"#, 13), (#"{"\n":1,"\u000a":2}"#, 8),
    ]

    @Test("Are refused, however they are written, at the second", arguments: doubles)
    func refused(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONError.self) { _ = try JSONDocument(parsing: Array(text.utf8)) }
        #expect(error?.reason == "duplicate key" && error?.offset == offset)
    }

    @Test("Are found among many", arguments: [2, 11, 12, 13, 14, 500])
    func many(_ count: Int) {
        let keys = (0..<count).map { "\"key\($0)\":\($0)" }
        #expect(throws: Never.self) { _ = try JSONDocument(parsing: Array("{\(keys.joined(separator: ","))}".utf8)) }
        for place in [0, count / 2, count - 1] {
            let doubled = keys + ["\"key\(place)\":0"]
            #expect(throws: JSONError.self) {
                _ = try JSONDocument(parsing: Array("{\(doubled.joined(separator: ","))}".utf8))
            }
        }
    }

    @Test("Are kept where the limits allow them, and the first one counts")
    func allowed() throws {
        let document = try JSONDocument(
            parsing: Array(#"{"a":1,"a":2}"#.utf8), limits: JSONLimits(allowsDuplicateKeys: true))
        #expect(document.root["a"]?.int == 1)
        #expect(document.root.members.map(\.key) == ["a", "a"])
    }

    @Test("Are not those that differ in case, in level or in Unicode's normal form", arguments: [0, 20])
    func different(_ fillers: Int) throws {
        let filler = (0..<fillers).map { ",\"f\($0)\":0" }.joined()
        let text = "{\"a\":1,\"A\":{\"a\":2},\"\u{E9}\":3,\"e\u{301}\":4,\"\\u212B\":5,\"\u{C5}\":6\(filler)}"
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(document.root["\u{E9}"]?.int == 3)
        #expect(document.root["e\u{301}"]?.int == 4)
        #expect(document.root["\u{212B}"]?.int == 5)
        #expect(document.root["\u{C5}"]?.int == 6)
        let object = try #require(document.root.value.objectValue)
        #expect(object["e\u{301}"] == 4 && object["\u{E9}"] == 3)
        #expect(try JSONValue(parsing: object.canonical) == .object(object))
    }
}
