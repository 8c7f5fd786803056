import OrchCore
import OrchRE2
import OrchRouting
import Testing

@Suite struct GatePatternsTests {
    private static func gate(deny: [String] = [], allow: [String] = []) throws -> GatePatterns {
        func compiled(_ sources: [String]) throws -> [any Pattern] {
            try sources.map { try RE2Compiler().compile($0, caseInsensitive: true) }
        }
        return GatePatterns(deny: try compiled(deny), allow: try compiled(allow))
    }

    static let hidden = [
        "drop table", "please DROP Table now", "DrOp TaBlE", "dr\u{200B}op table", "d\u{200C}r\u{200D}o\u{2060}p table",
        "ｄｒｏｐ ｔａｂｌｅ", "ＤＲＯＰ\u{3000}ＴＡＢＬＥ", "drop   table", "drop\ttable", "drop\r\ntable", "drop\u{A0}table",
        "drop\u{2003}\u{2003}table", "drop \u{200B} table", "dr\u{AD}op ta\u{AD}ble", "d\u{E0064}rop table",
        "drop\u{FE0F} table", "d\u{E0101}rop table", "\u{202E}drop table\u{202C}", "dr\u{34F}op table",
        "\u{FEFF}drop table", "d\u{0}rop table", "drop\u{2028}table", "drop\u{1F}  table",
        // What cannot be seen stands where a space was.
        "drop\u{200B}table", "drop\u{0}table", "drop\u{AD}\u{200D}table",
        "ｄ\u{200B}Ｒ\u{AD}ｏp\u{3000}\u{A0}t\u{E0061}able",
    ]

    @Test(arguments: hidden)
    func `a deny expression finds its words however they are hidden`(_ text: String) throws {
        #expect(try Self.gate(deny: ["^nothing$", #"\bdrop table\b"#]).denying(text) == 1)
    }

    static let others = ["", "drop tables", "droptable", "d r o p table", "drop, table", "drop"]

    @Test(arguments: others)
    func `other words are not denied`(_ text: String) throws {
        #expect(try Self.gate(deny: [#"\bdrop table\b"#]).denying(text) == nil)
    }

    @Test func `a deny expression for what is hidden sees the text as it is, too`() throws {
        let gate = try Self.gate(deny: [#"\x{200B}"#])
        #expect(gate.denying("a\u{200B}b") == 0)
        #expect(gate.denying("ab") == nil)
    }

    @Test func `the first expression that matches is told`() throws {
        let gate = try Self.gate(deny: ["two", "one", "three"], allow: ["three", "two"])
        #expect(gate.denying("one two") == 0)
        #expect(gate.denying("o\u{AD}ne three") == 2, "as it is comes before what it hides")
        #expect(gate.denying("o\u{AD}ne") == 1)
        #expect(gate.allowing("two three") == 0)
        #expect(gate.allowing("two") == 1)
    }

    @Test(arguments: hidden.dropFirst(3))
    func `an allow expression sees the text as it is alone`(_ text: String) throws {
        let gate = try Self.gate(allow: ["^drop table$"])
        #expect(gate.allowing("drop table") == 0 && gate.allowing("DROP table") == 0)
        #expect(gate.allowing(text) == nil)
    }

    @Test func `without expressions nothing is denied or allowed`() {
        #expect(GatePatterns().denying("dr\u{200B}op") == nil)
        #expect(GatePatterns().allowing("drop") == nil)
    }
}
