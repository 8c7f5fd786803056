import OrchCore
import OrchPolicyFiles
import OrchRE2
import OrchRouting
import Testing

struct RulePolicyFileTests {
    private func parse(_ text: String) throws(PolicyFileError) -> RuleRouter {
        try RulePolicyFile.parse(Array(text.utf8), file: "rules.yaml", compiler: RE2Compiler())
    }

    private func refusal(of text: String) throws -> PolicyFileError {
        try #require(throws: PolicyFileError.self) { try parse(text) }
    }

    @Test func everyKeyIsRead() throws {
        let text = """
            version: 1.10
            description: All of it
            defaults:
              confidence: 0.6
              case_insensitive: false
              params: {lang: en}
            fragments:
              digit: '[0-9]'
              number: '(?&digit)+'
            rules:
              - id: one
                description: First
                enabled: false
                match: ^a(?&number)$
                case_insensitive: true
                tool: tool_a
                params: {expression_key: e, deep: {list: [1, 2.5, null, "x"]}}
                confidence: 1
                reason: because
              - id: two
                match_any: [b, c]
                tool: tool_b
            analysis_request:
              description: Words
              match_any: [why]
              case_insensitive: true
            """
        let policy = try parse(text).policy
        #expect(policy.version == "1.10")
        #expect(policy.description == "All of it")
        #expect(
            policy.defaults == RuleDefaults(confidence: 0.6, caseInsensitive: false, params: ["lang": "en"]))
        #expect(
            policy.rules == [
                Rule(
                    id: "one", description: "First", isEnabled: false, patterns: ["^a(?:(?:[0-9])+)$"],
                    caseInsensitive: true, tool: "tool_a",
                    params: ["expression_key": "e", "deep": ["list": [1, 2.5, nil, "x"]]], confidence: 1,
                    reason: "because"),
                Rule(id: "two", patterns: ["b", "c"], tool: "tool_b", reason: "two"),
            ])
        #expect(policy.analysis == AnalysisPatterns(patterns: ["why"], caseInsensitive: true))
    }

    private static let head = "version: 1\nrules:\n  - id: one\n    tool: t\n"

    @Test(arguments: [
        ("version: 1\nruls: []", PolicyFileError.Code.unknownKey, 2, 1, "did you mean `rules`?"),
        ("version: 1\nzzzzzz: []", .unknownKey, 2, 1, "known keys: version"),
        ("version: 1", .missingKey, 1, 1, "`rules` is missing"),
        ("rules: []", .missingKey, 1, 1, "`version` is missing"),
        ("version: 1\nrules: ~", .missingKey, 1, 1, "`rules` is missing"),
        ("version: 1\nrules: {}", .wrongType, 2, 8, "expected a list, found a mapping"),
        ("version: 1\nrules: [x]", .wrongType, 2, 9, "expected a mapping, found text"),
        ("version: [1]\nrules: []", .wrongType, 1, 10, "expected text, found a list"),
        ("- 1", .wrongType, 1, 1, "expected a mapping, found a list"),
        (head + "    mach: a", .unknownKey, 5, 5, "did you mean `match`?"),
        (head, .missingKey, 3, 5, "`match` or `match_any`"),
        (head + "    match: a\n    match_any: [b]", .invalidValue, 3, 5, "both"),
        (head + "    match_any: []", .invalidValue, 3, 5, "empty"),
        (head + "    match_any: a", .wrongType, 5, 16, "expected a list"),
        (head + "    match: 12", .wrongType, 5, 12, "put it in quotes"),
        (head + "    match: ''", .invalidValue, 5, 12, "empty"),
        (head + "    match: a\n    enabled: yes", .wrongType, 6, 14, "expected true or false"),
        (head + "    match: a\n    confidence: high", .wrongType, 6, 17, "expected a number"),
        (head + "    match: a\n    confidence: 1.5", .invalidValue, 6, 17, "between 0 and 1"),
        (head + "    match: a\n    confidence: -1", .invalidValue, 6, 17, "between 0 and 1"),
        (head + "    match: a\n    params: [1]", .wrongType, 6, 13, "expected a mapping"),
        (head + "    match: a\n    tool: u", .duplicateKey, 4, 5, "`tool` comes twice"),
        (head + "    match: a\n    reason: 5", .wrongType, 6, 13, "expected text"),
        ("version: 1\nrules:\n  - match: a\n    tool: t", .missingKey, 3, 5, "`id` is missing"),
        ("version: 1\nrules:\n  - id: x\n    match: a", .missingKey, 3, 5, "`tool` is missing"),
        ("version: 1\nrules: []\ndefaults: {confidence: 2}", .invalidValue, 3, 24, "between 0 and 1"),
        ("version: 1\nrules: []\ndefaults: {confidnce: 1}", .unknownKey, 3, 12, "did you mean `confidence`?"),
        ("version: 1\nrules: []\nanalysis_request: {match_any: [a, 'b(']}", .invalidValue, 3, 35, "analysis_request"),
        (head + "    match: 'a('", .invalidValue, 5, 12, "rule `one`, pattern 1: missing )"),
        (head + "    match_any:\n      - a\n      - '(?=b)'", .invalidValue, 7, 9, "rule `one`, pattern 2"),
        (head + "    match: a\n    params: {expression_key: 1}", .invalidValue, 3, 5, "rule `one`"),
        (head + "    match: a\n  - id: one\n    tool: t\n    match: b", .invalidValue, 6, 5, "an earlier rule"),
        (head + "    match: (?&nope)", .invalidValue, 5, 12, "no fragment `nope`"),
        (head + "    match: 'a(?&'", .invalidValue, 5, 12, "no fragment"),
        ("version: 1\nrules: []\nfragments: {a: '(?&b)', b: x}", .invalidValue, 3, 16, "no fragment `b`"),
        ("version: 1\nrules: []\nfragments: {a: '(?&a)'}", .invalidValue, 3, 16, "no fragment `a`"),
        ("version: 1\nrules: []\nfragments: {a b: x}", .invalidValue, 3, 13, "name"),
        ("version: 1\nrules: []\nfragments: {a: 1}", .wrongType, 3, 16, "expected text"),
        ("version: 1\nrules: []\nfragments: []", .wrongType, 3, 12, "expected a mapping"),
    ])
    func aFaultIsNamedWithItsPlace(
        text: String, code: PolicyFileError.Code, line: Int, column: Int, reason: String
    ) throws {
        let error = try refusal(of: text)
        #expect(error.code == code)
        #expect(error.line == line && error.column == column, "\(error)")
        #expect(error.message.contains(reason), "\(error)")
        #expect(error.message.hasPrefix("rules.yaml:\(line):\(column): "))
    }

    @Test func anEscapedParenthesisStartsNoFragment() throws {
        let router = try parse(
            "version: 1\nrules:\n  - {id: r, tool: t, match: '^\\(?&a\\\\(?&a)$'}\nfragments: {a: '[0-9]'}")
        #expect(router.decide("(&a\\7").tool == "t")
        #expect(router.decide("&a\\7").tool == "t")
        #expect(router.decide("7\\7").tool == nil)
    }

    @Test func fragmentsThatDoubleEachOtherAreBounded() throws {
        var text = "version: 1\nrules: []\nfragments:\n  f0: aaaaaaaaaaaaaaaa\n"
        for level in 1...40 { text += "  f\(level): '(?&f\(level - 1))(?&f\(level - 1))'\n" }
        #expect(try refusal(of: text).code == .tooComplex)
    }

    @Test func aFileIsLoadedWithTheHashOfItsBytes() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("p.yaml", "version: 1\nrules: []\n")
        let loaded = try RulePolicyFile.load(path, compiler: RE2Compiler())
        #expect(loaded.policyHash == "7f2c43106364d8112fcc3060e4ab8b20f5d1a17d9cbf3c2540529663004adff8")
        #expect(loaded.value.policy.rules.isEmpty)
    }

    @Test func noFileIsAnEmptyPolicyAndAProblem() throws {
        let directory = try TemporaryDirectory()
        let (loaded, problem) = try RulePolicyFile.loadOrEmpty(directory.path("none.yaml"), compiler: RE2Compiler())
        #expect(loaded.value.decide("calc 2 + 2") == .noMatch)
        #expect(loaded.policyHash == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(problem?.code == .missingFile)
        #expect(problem?.message == "none.yaml: there is no such file; nothing is routed by rules")
    }

    @Test func aBrokenFileIsNoEmptyPolicy() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("p.yaml", "version: [")
        #expect(throws: PolicyFileError.self) { try RulePolicyFile.loadOrEmpty(path, compiler: RE2Compiler()) }
    }

    @Test func onlyRegularFilesAreRead() throws {
        let directory = try TemporaryDirectory()
        directory.makeDirectory("d.yaml")
        directory.makePipe("pipe.yaml")
        for name in ["d.yaml", "pipe.yaml"] {
            let error = try #require(throws: PolicyFileError.self) {
                try RulePolicyFile.load(directory.path(name), compiler: RE2Compiler())
            }
            #expect(error.code == .unreadableFile)
            #expect(!error.message.contains(directory.path))
        }
        let zeros = try #require(throws: PolicyFileError.self) {
            try RulePolicyFile.load("/dev/zero", compiler: RE2Compiler())
        }
        #expect(zeros.code == .unreadableFile)
    }

    @Test func aFileOverTheLimitIsNotRead() throws {
        let directory = try TemporaryDirectory()
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: PolicyFileLimits.maximumBytes + 1)
        let path = try directory.write("big.yaml", bytes: bytes)
        let error = try #require(throws: PolicyFileError.self) {
            try RulePolicyFile.load(path, compiler: RE2Compiler())
        }
        #expect(error.code == .tooLarge)
    }
}
