import OrchCore
import OrchTestSupport
import Testing

@Suite("Canonical JSON (RFC 8785)")
struct CanonicalJSONTests {
    /// Appendix B of the RFC: bits of a double, and its text.
    static let numbers: [(UInt64, String)] = [
        (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
        (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
        (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
        (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
        (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
        (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
        (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
        (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
        (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
        (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ]

    /// Beyond the RFC's own: where ECMAScript changes its layout.
    static let layouts: [(Double, String)] = [
        (1e20, "100000000000000000000"), (1e21, "1e+21"), (123456789012345683968, "123456789012345680000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (-1e-7, "-1e-7"), (0.1, "0.1"), (1, "1"), (-1.5, "-1.5"), (100, "100"),
        (123.456, "123.456"), (1e100, "1e+100"), (1.25e-100, "1.25e-100"), (4.35, "4.35"),
        (2.2250738585072014e-308, "2.2250738585072014e-308"),
        (9007199254740994, "9007199254740994"), (0.00001234, "0.00001234"), (4503599627370495.5, "4503599627370495.5"),
    ]

    @Test("Writes numbers as the RFC's table does", arguments: numbers)
    func tableOfNumbers(_ bits: UInt64, _ text: String) {
        #expect(String(decoding: JSONValue.number(Double(bitPattern: bits)).canonical, as: UTF8.self) == text)
    }

    @Test("Writes numbers as ECMAScript does", arguments: layouts)
    func ecmaScript(_ number: Double, _ text: String) {
        #expect(String(decoding: JSONValue.number(number).canonical, as: UTF8.self) == text)
    }

    @Test("Numbers of few decimals read back, and no shorter text does", arguments: 0...6)
    func fewDecimals(decimals: Int) {
        var generator = SeededGenerator(seed: UInt64(decimals) + 1)
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        for _ in 0..<5000 {
            let digits = Int.random(in: -999_999_999_999...999_999_999_999, using: &generator)
            let value = Double(digits >> Int.random(in: 0...40, using: &generator)) / scale
            let text = String(decoding: JSONValue.number(value).canonical, as: UTF8.self)
            #expect(Double(text) == value)
            // The standard library prints the shortest digits, too.
            #expect(Self.significant(text) == Self.significant(value.description))
        }
    }

    /// The digits of a number's text without zeros at either end.
    private static func significant(_ text: String) -> Substring {
        let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
        return digits.prefix(digits.count - digits.reversed().prefix { $0 == "0" }.count)
    }

    @Test("Sorts members by UTF-16 units, as the RFC's sample has it")
    func sorting() throws {
        let text = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
            "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let canonical = try JSONValue(parsing: Array(text.utf8)).canonical
        let values = try JSONDocument(parsing: canonical).root.members.map { $0.value.string }
        #expect(
            values == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("Writes the RFC's sample of section 3.2.2 as section 3.2.4 has it")
    func sample() throws {
        let text = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let wanted =
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        #expect(String(decoding: try JSONValue(parsing: Array(text.utf8)).canonical, as: UTF8.self) == wanted)
    }

    @Test("Writes the bytes that section 3.2.4 prints")
    func sampleBytes() throws {
        let text =
            #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"#
            + #""string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#
        let wanted =
            "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e3333"
            + "33333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e41"
            + "27425c225c5c5c5c5c222f227d"
        #expect(Hexadecimal.encode(try JSONValue(parsing: Array(text.utf8)).canonical) == wanted)
    }

    /// The last two rows of appendix B: not JSON. They cannot be read; what computes one writes null, as
    /// ECMAScript's JSON.stringify does.
    @Test("Reads neither NaN nor infinities", arguments: ["NaN", "Infinity", "-Infinity", "nan", "1e309", "-1e309"])
    func notNumbers(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        for bits in [0x7FFF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000] as [UInt64] {
            #expect(JSONValue.number(Double(bitPattern: bits)).canonical == Array("null".utf8))
        }
    }

    @Test("Escapes what section 3.2.2.2 lists, and nothing else")
    func escapes() {
        let short: [UInt32: String] = [
            0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: "\\\"", 0x5C: "\\\\",
        ]
        for scalar in (0...0x2FF).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{FEFF}", "\u{FFFF}", "\u{1F600}"] {
            let text = String(scalar)
            let control = "\\u00" + Hexadecimal.encode([UInt8(truncatingIfNeeded: scalar.value)])
            let wanted = short[scalar.value] ?? (scalar.value < 0x20 ? control : text)
            #expect(JSONValue.string(text).canonical == Array("\"\(wanted)\"".utf8), "U+\(scalar.value)")
        }
    }

    @Test("Keeps texts in the normal form that they have, in keys too")
    func normalForms() {
        let value: JSONValue = ["\u{E5}": "\u{E5}", "a\u{30A}": "a\u{30A}", "\u{212A}": "K", "K": "\u{212A}"]
        let wanted = "{\"K\":\"\u{212A}\",\"a\u{30A}\":\"a\u{30A}\",\"\u{E5}\":\"\u{E5}\",\"\u{212A}\":\"K\"}"
        #expect(value.canonical == Array(wanted.utf8))
    }

    @Test("Sorts at every level, keeps arrays, and writes no white space")
    func nested() throws {
        let value: JSONValue = ["b": [["z": 1, "a": 2], 3], "a": ["y": [:], "x": []], "": nil, "aa": 1, "A": 0]
        #expect(
            String(decoding: value.canonical, as: UTF8.self)
                == #"{"":null,"A":0,"a":{"x":[],"y":{}},"aa":1,"b":[{"a":2,"z":1},3]}"#)
    }

    @Test(
        "A value with canonical numbers is what its canonical text says",
        arguments: [
            "3000.0", "3e3", "-0.0", "0.5", "9007199254740993", "9007199254740993.0", "1152921504606846976.0", "1e300",
            "-9223372036854775808.0", "[1.0,{\"a\":[2e0,true,null,\"3.0\"]}]", "{\"b\":1.50,\"a\":1}",
        ])
    func canonicalNumbers(_ text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.withCanonicalNumbers == (try JSONValue(parsing: value.canonical)))
        #expect(value.withCanonicalNumbers.canonical == value.canonical)
    }
}
