import OrchCore
import OrchRE2
import Testing

struct RE2PatternTests {
    private func pattern(_ source: String, caseInsensitive: Bool = false) throws -> any Pattern {
        try RE2Compiler().compile(source, caseInsensitive: caseInsensitive)
    }

    @Test func aMatchCarriesItsRangeAndItsNamedGroupsInBytes() throws {
        let match = try #require(try pattern("(?P<word>é+)(x)(?P<tail>.)").firstMatch(in: "aééx☃!"))
        #expect(match.range == 1..<9)
        #expect(match.groups == ["word": 1..<5, "tail": 6..<9])
    }

    @Test func theLeftmostMatchWins() throws {
        #expect(try pattern("b|ab").firstMatch(in: "xabb")?.range == 1..<3)
    }

    @Test func aGroupThatTookNoPartIsMissing() throws {
        let match = try #require(try pattern("(?P<one>a)|(?P<other>b)").firstMatch(in: "b"))
        #expect(match.groups == ["other": 0..<1])
    }

    @Test(arguments: ["a", "b"]) func alternativesMayShareAName(text: String) throws {
        #expect(try pattern("(?P<n>a)|(?P<n>b)").firstMatch(in: text)?.groups == ["n": 0..<1])
    }

    @Test func anEmptyGroupIsThereAndEmpty() throws {
        let match = try #require(try pattern("a(?P<nothing>x*)b").firstMatch(in: "ab"))
        #expect(match.groups == ["nothing": 1..<1])
    }

    @Test func anEmptyTextCanMatch() throws {
        let match = try #require(try pattern("^(?P<all>)$").firstMatch(in: ""))
        #expect(match.range == 0..<0)
        #expect(match.groups == ["all": 0..<0])
        #expect(try pattern("a").firstMatch(in: "") == nil)
        #expect(try pattern("").matches(""))
    }

    @Test func caseCountsUnlessToldOtherwise() throws {
        #expect(try !pattern("straße").matches("STRAßE"))
        #expect(try pattern("straße", caseInsensitive: true).matches("STRAßE"))
        #expect(try pattern("ÄÖ", caseInsensitive: true).matches("äö"))
        #expect(try !pattern("(?-i)a", caseInsensitive: true).matches("A"))
    }

    @Test func aNULIsACharacterLikeAnyOther() throws {
        #expect(try pattern("a\u{0}b").firstMatch(in: "xa\u{0}b")?.range == 1..<4)
        #expect(try pattern("\\x00").matches("\u{0}"))
        #expect(try pattern("b$").matches("a\u{0}b"))
    }

    @Test func aDotIsOneScalar() throws {
        #expect(try pattern("^.$").matches("🦊"))
        #expect(try !pattern("^.$").matches("e\u{301}"))
    }

    @Test func aStringThatWasSlicedTogetherMatches() throws {
        let text = String("xx2 + 2xx".dropFirst(2).dropLast(2)) + String(repeating: "é", count: 40)
        #expect(try pattern("\\d \\+ \\d").firstMatch(in: text)?.range == 0..<5)
    }

    @Test(arguments: [
        ("(abc", "missing \\)"), ("abc)", "unexpected"), ("[a-", "missing \\]"), ("a**b{2000}", "bad repetition"),
        ("(?=a)", "perl"),
        ("(?P<n", "named capture"), ("\\", "trailing"), ("a{1001}", "repetition"), ("\\1", "escape"),
        ("((a{100}){100}){100}", "large|repetition"),
    ])
    func anExpressionThatDoesNotCompileIsRefusedWithTheReason(source: String, reason: String) throws {
        let error = try #require(throws: PatternError.self) {
            try RE2Compiler().compile(source, caseInsensitive: true)
        }
        #expect(error.codeName == "invalid_pattern")
        #expect(try pattern(reason, caseInsensitive: true).matches(error.message), "\(error.message)")
    }

    @Test func anExpressionOverTheLimitIsRefused() throws {
        let longest = String(repeating: "a", count: RE2Compiler.maximumSourceBytes)
        #expect(throws: Never.self) { try RE2Compiler().compile(longest, caseInsensitive: false) }
        #expect(throws: PatternError.self) { try RE2Compiler().compile(longest + "a", caseInsensitive: false) }
    }

    @Test func theSourceIsKept() throws {
        #expect(try pattern("a+b").source == "a+b")
    }

    @Test func manyGroupsAreReportedRight() throws {
        let source = (0..<200).map { "(?P<g\($0)>\($0 % 10))" }.joined()
        let text = (0..<200).map { String($0 % 10) }.joined()
        let match = try #require(try pattern(source).firstMatch(in: text))
        #expect(match.groups.count == 200)
        #expect(match.groups["g0"] == 0..<1)
        #expect(match.groups["g199"] == 199..<200)
    }

    @Test func severalThreadsShareOnePattern() async throws {
        let pattern = try pattern("(?P<digits>\\d+)(a|aa)*$")
        let counts = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<500).count { round in
                        let text = "x\(task * 1000 + round)" + String(repeating: "a", count: round % 50)
                        let expected = 1..<(1 + String(task * 1000 + round).utf8.count)
                        return pattern.firstMatch(in: text)?.groups["digits"] == expected
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 500, count: 8))
    }
}
