import OrchCore
import Testing

@testable import OrchPolicyFiles

/// What every file of this module has to get past, whatever it is about.
struct YAMLReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try YAMLReader.read(Array(text.utf8), file: "f.yaml").json(file: "f.yaml")
    }

    private func refusal(of text: String) throws -> PolicyFileError {
        try refusal(of: Array(text.utf8))
    }

    private func refusal(of bytes: [UInt8]) throws -> PolicyFileError {
        try #require(throws: PolicyFileError.self) {
            _ = try YAMLReader.read(bytes, file: "f.yaml").json(file: "f.yaml")
        }
    }

    // MARK: Types

    @Test(
        arguments: [
            ("1", 1), ("-7", -7), ("+7", 7), ("0x1F", 31), ("0o17", 15), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0),
            ("-1e3", -1000.0), ("true", true), ("False", false), ("~", nil), ("null", nil), ("", nil),
        ] as [(String, JSONValue)])
    func plainScalarsHaveTheTypesOfTheCoreSchema(text: String, value: JSONValue) throws {
        #expect(try read("a: \(text)") == ["a": value])
    }

    @Test(arguments: [
        "yes", "no", "on", "off", "y", "n", "2024-01-15", "1:30", "1_000", "0b11", "1e", "e5", ".", "-", "+", "0x",
        "1.2.3", "TrUe", "nULL", "0xG", "infinity", "nan", "--1", "1e+",
    ])
    func otherPlainScalarsAreText(text: String) throws {
        #expect(try read("[\(text == "-" ? "'-'" : text)]") == [.string(text)])
    }

    @Test(arguments: ["'1'", "\"true\"", "'~'", "!!str 1", "! 1"])
    func quotedOrTaggedScalarsAreText(text: String) throws {
        #expect(try read("a: \(text)").objectValue?["a"]?.stringValue != nil)
    }

    @Test func membersKeepTheirOrder() throws {
        #expect(try read("z: 1\na: 2\nm: {y: 1, b: [1, 'x']}").objectValue?.keys == ["z", "a", "m"])
    }

    @Test(arguments: [".inf", "-.INF", ".nan", "1e999", "99999999999999999999"])
    func numbersThatDoNotFitAreRefused(text: String) throws {
        let error = try refusal(of: "ok: 1\na: \(text)")
        #expect(error.code == .invalidValue)
        #expect(error.position == SourcePosition(line: 2, column: 4))
    }

    // MARK: Bytes

    @Test func aByteOrderMarkIsSkipped() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("a: 1".utf8)
        #expect(try YAMLReader.read(bytes, file: "f").json(file: "f") == ["a": 1])
        #expect(try refusal(of: [0xEF, 0xBB, 0xBF] + Array("a: .inf".utf8)).column == 4)
    }

    @Test func carriageReturnsEndLinesToo() throws {
        #expect(try read("a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 3\r\n") == ["a": 1, "b": "x\ny\n", "c": 3])
        #expect(try refusal(of: "a: 1\r\nb: [\r\n").line == 3)
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], 1, 4), (Array("é: 1\nb: ".utf8) + [0xC3], 2, 4),
            (Array("a: ".utf8) + [0xED, 0xA0, 0x80], 1, 4), ([0xFF, 0xFE, 0x61, 0x00], 1, 1), ([0xC0, 0x80], 1, 1),
        ] as [([UInt8], Int, Int)])
    func bytesThatAreNotUTF8AreRefusedWithTheirPlace(bytes: [UInt8], line: Int, column: Int) throws {
        let error = try refusal(of: bytes)
        #expect(error.code == .invalidEncoding)
        #expect(error.position == SourcePosition(line: line, column: column))
    }

    @Test(arguments: ["\u{0}", "\u{1}", "\u{1B}", "\u{7F}"])
    func controlCharactersAreRefusedWithTheirPlace(character: String) throws {
        let error = try refusal(of: "a: 1\nb: x\(character)y")
        #expect(error.code == .invalidEncoding)
        #expect(error.position == SourcePosition(line: 2, column: 5))
    }

    @Test(arguments: [0x80, 0x9F, 0xFFFE, 0xFFFF])
    func otherCharactersThatYAMLForbidsAreRefused(scalar: UInt32) throws {
        let character = try #require(Unicode.Scalar(scalar))
        #expect(try refusal(of: "a: 1\nb: x\(character)y").code == .invalidYAML)
    }

    @Test func anEscapedNULIsRefused() throws {
        #expect(try refusal(of: "a: \"x\\0y\"").code == .invalidValue)
        #expect(try refusal(of: "\"\\0\": 1").code == .invalidValue)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n...\n# nothing", "\u{FEFF}"])
    func aFileThatSaysNothingIsNoMapping(text: String) throws {
        let error = try #require(throws: PolicyFileError.self) {
            let node = try YAMLReader.read(Array(text.utf8), file: "f.yaml")
            _ = try YAMLMapping(node, file: "f.yaml", keys: [])
        }
        #expect(error.code == .invalidYAML || error.code == .wrongType)
    }

    // MARK: Syntax

    @Test(arguments: [
        ("a: [1, 2", 1), ("a: 1\n b: 2\n", 2), ("a: 'x", 1), ("a: \"\\q\"", 1), ("\ta: 1", 1), ("a: 1\n}\n", 2),
        ("a: *missing", 1), ("%YAML 9.9\n---\na: 1", 1), ("a: !custom 1", 1), ("a: !!int '1'", 1),
        ("a: !!binary aGk=", 1),
        ("? [1, 2]\n: 3", 1), ("a: 1\n---\nb: 2", 2), ("a: \"\\ud800\"", 1), ("@a: 1", 1), ("a: b: c", 1),
        ("&a : &b : 1\n", 1), ("!!set {a, b}", 1),
    ])
    func whatIsNotPlainYAMLIsRefusedWithItsLine(text: String, line: Int) throws {
        let error = try refusal(of: text)
        #expect(error.code == .invalidYAML)
        #expect(error.line == line || error.line == line + 1, "\(error)")
    }

    @Test(arguments: ["a: 1\nb: 2\na: 3", "x: {a: 1, a: 2}", "a: 1\n\"a\": 2", "x:\n  - y:\n      k: 1\n      'k': 1"])
    func aKeyThatComesTwiceIsRefused(text: String) throws {
        let error = try refusal(of: text)
        #expect(error.code == .duplicateKey)
        #expect(error.message.contains("comes twice"))
    }

    @Test func messagesNameTheFileAndQuoteLittle() throws {
        let error = try refusal(of: "a: [secret-value-in-the-file")
        #expect(error.message.hasPrefix("f.yaml:"))
        #expect(!error.message.contains("secret"))
        let long = String(repeating: "k", count: 5000)
        #expect(try refusal(of: "\(long): 1\n\(long): 2").message.utf8.count < 200)
    }
}

struct YAMLReaderLimitTests {
    private func code(_ text: String) -> PolicyFileError.Code? {
        do throws(PolicyFileError) {
            _ = try YAMLReader.read(Array(text.utf8), file: "f.yaml")
            return nil
        } catch {
            return error.code
        }
    }

    @Test func aFewAliasesAreSpelledOut() throws {
        let text = "base: &b {x: 1}\none: *b\ntwo: [*b, *b]"
        let value = try YAMLReader.read(Array(text.utf8), file: "f").json(file: "f")
        #expect(value == ["base": ["x": 1], "one": ["x": 1], "two": [["x": 1], ["x": 1]]])
    }

    @Test func aliasesAreCountedBeforeTheParserFollowsThem() {
        let most = "a: &a 1\nb: [" + Array(repeating: "*a", count: 16).joined(separator: ",") + "]"
        #expect(code(most) == nil)
        #expect(code(most.replacing("]", with: ",*a]")) == .tooComplex)
    }

    @Test func anAliasBombIsRefused() {
        var text = "l0: &l0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let uses = Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ",")
            text += "l\(level): &l\(level) [\(uses)]\n"
        }
        #expect(code(text) == .tooComplex)
    }

    @Test func anAliasBombWithinTheCountIsStoppedByTheNodes() {
        var text = "l0: &l0 [" + Array(repeating: "x", count: 900).joined(separator: ",") + "]\n"
        for level in 1...5 {
            text += "l\(level): &l\(level) [*l\(level - 1), *l\(level - 1), *l\(level - 1)]\n"
        }
        #expect(code(text) == .tooComplex)
    }

    @Test func aBombAmongTheKeysEndsSoon() {
        var text = "l0: &l0 [" + Array(repeating: "x", count: 100).joined(separator: ",") + "]\n"
        for level in 1...4 {
            text += "l\(level): &l\(level) [*l\(level - 1), *l\(level - 1), *l\(level - 1)]\n"
        }
        text += "m: {? *l4 : 1, ? [*l4] : 2}"
        #expect(code(text) != nil)
    }

    @Test func ampersandsAndAsterisksInProseAreNoAliases() {
        let prose = String(repeating: "  *very* important & *very* *good*, see a&b=c\n", count: 200)
        #expect(code("text: |\n" + prose) == nil)
    }

    @Test func nodesAreCounted() {
        let fits = "[" + Array(repeating: "1", count: PolicyFileLimits.maximumNodes - 1).joined(separator: ",") + "]"
        #expect(code(fits) == nil)
        #expect(code(fits.replacing("]", with: ",1]")) == .tooComplex)
    }

    @Test func depthIsBounded() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(code(nested(PolicyFileLimits.maximumDepth)) == nil)
        #expect(code(nested(PolicyFileLimits.maximumDepth + 1)) == .tooComplex)
        #expect(code(nested(900)) == .tooComplex)
        #expect(code(nested(100_000)) == .invalidYAML)
        #expect(code(String(repeating: "{", count: 100_000)) == .invalidYAML)
        #expect(code(String(repeating: "- ", count: 100_000)) == .invalidYAML)
        #expect(code(String(repeating: "? ", count: 100_000)) == .invalidYAML)
        #expect(code((0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()) == .tooComplex)
    }

    @Test func sizeIsBounded() {
        let comment = "a: 1 #"
        let fits = comment + String(repeating: "x", count: PolicyFileLimits.maximumBytes - comment.utf8.count)
        #expect(code(fits) == nil)
        #expect(code(fits + "x") == .tooLarge)
    }
}

struct NearestWordTests {
    @Test(arguments: [
        ("tol", "tool"), ("tool_", "tool"), ("raeson", "reason"), ("match_an", "match_any"), ("Id", "id"),
        ("confidense", "confidence"), ("parms", "params"),
    ])
    func aSlipOfThePenFindsItsWord(written: String, meant: String) {
        let known = ["id", "tool", "reason", "match", "match_any", "confidence", "params"]
        #expect(NearestWord.nearest(to: written, among: known) == meant)
    }

    @Test(arguments: ["", "zebra", "xyz", String(repeating: "tool", count: 1000)])
    func aStrangeWordFindsNone(written: String) {
        #expect(NearestWord.nearest(to: written, among: ["tool", "reason"]) == nil)
    }
}
