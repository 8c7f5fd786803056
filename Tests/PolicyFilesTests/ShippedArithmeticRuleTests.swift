import OrchCore
import OrchRouting
import OrchTestSupport
import Testing

/// The shipped policy's arithmetic rule, on texts that are arithmetic and on those that only look like it.
struct ShippedArithmeticRuleTests {
    private let router: RuleRouter

    init() throws {
        router = try ShippedFiles.sharedRouter.get()
    }

    private func expectArithmetic(_ text: String, _ expression: String) {
        let decision = router.decide(text)
        #expect(decision.tool == "safe_calc", "\(text)")
        #expect(decision.params == ["expression": .string(expression)])
        #expect(decision.reason == "math_expression")
        #expect(decision.confidence == 0.92)
        #expect(decision.ruleID == "arithmetic")
    }

    @Test(arguments: [
        ("calc 2 + 2", "2 + 2"), ("calc 2+2", "2+2"), ("CALC 2 + 2", "2 + 2"), ("  calc   2 + 2  ", "2 + 2"),
        ("calc: 2 + 2", "2 + 2"), ("calc:2+2", "2+2"), ("calc = 2+2", "2+2"), ("calc(2+2)", "(2+2)"),
        ("calculate 5 * (3 + 2)", "5 * (3 + 2)"), ("Calculate 10/4", "10/4"), ("calculate 5-3", "5-3"),
        ("calculate -5", "-5"), ("calc 7", "7"), ("calc sqrt(16)", "sqrt(16)"), ("calc max(1, 2, 3)", "max(1, 2, 3)"),
        ("calc 2 ** 10", "2 ** 10"), ("calc 9**9**9", "9**9**9"), ("calc 1e3 + 1E-2", "1e3 + 1E-2"),
        ("calc 1_000 * 3", "1_000 * 3"), ("calc pi * 2", "pi * 2"), ("calc\n2 +\n2", "2 +\n2"),
        ("calc 2 + 2?", "2 + 2"), ("calc 2 + 2 =", "2 + 2"), ("calc 2 + 2 please", "2 + 2"),
        ("calculate 3.5 * 2 for me", "3.5 * 2"), ("please calculate 6 * 7", "6 * 7"),
        ("Can you calculate 12 * 12?", "12 * 12"), ("hey, calc 1 + 1", "1 + 1"), ("math 3 * 4", "3 * 4"),
        ("Math: 3 - 4", "3 - 4"), ("MATH 3*4", "3*4"), ("calc 5 − 3", "5 − 3"), ("calc 6 × 7 ÷ 2", "6 × 7 ÷ 2"),
        ("calc 2 - -3", "2 - -3"), ("calc ((((1))))", "((((1))))"), ("calc -(2 + 3) % 4", "-(2 + 3) % 4"),
    ])
    func aTriggerWordWithAnExpressionIsArithmetic(text: String, expression: String) {
        expectArithmetic(text, expression)
    }

    @Test(arguments: [
        ("what is 2 + 2?", "2 + 2"), ("What is 2+2", "2+2"), ("what's 15 * 3?", "15 * 3"), ("What’s 15 * 3?", "15 * 3"),
        ("whats 7 % 3", "7 % 3"), ("WHAT IS 100 / 4?", "100 / 4"), ("How much is 19 * 21?", "19 * 21"),
        ("please tell me what is 4 ** 2", "4 ** 2"), ("Can you tell me what 2 + 2", nil),
        ("compute (3 + 4) * 2", "(3 + 4) * 2"), ("evaluate 2 ** 8", "2 ** 8"), ("Solve: 12 // 5", "12 // 5"),
        ("work out 100 - 58", "100 - 58"), ("what is the result of 8 * 8?", "8 * 8"),
        ("what does 2 + 2 equal?", "2 + 2"),
        ("what is sqrt(2)?", "sqrt(2)"), ("what is 2 + 2 = ?", "2 + 2"), ("What is 2 + 2?\n", "2 + 2"),
        ("what is 10 - 3 - 2?", "10 - 3 - 2"), ("what is 2+2.", "2+2"),
    ])
    func aQuestionAroundAnExpressionIsArithmetic(text: String, expression: String?) {
        guard let expression else {
            #expect(router.decide(text) == .noMatch)
            return
        }
        expectArithmetic(text, expression)
    }

    @Test(arguments: [
        "2 + 2", "2+2", "2 - 2", "10 / 4", "2*3", "2 ** 8", "7//2", "10 % 3", "10%3", "-2 + 5", "2 * -3", "5 + -3",
        "5 - -3", "1.5 + 2.25", ".5 * 4", "1e3 * 2", "(1 + 2) * 3", "((1))+2", "2 * (3 - 1)", "(5-3)/2", "10/(5-3)",
        "((5-3)-1)/2", "10-(5-3)/2",
        "sqrt(16)", "max(1, 2)", "min(3,4) + 1", "abs(-5)", "round(2.567, 2)", "2 - sqrt(4)", "log(100, 10)",
        "pi * 2", "e + 1", "2×3", "6 ÷ 2", "8 − 3", "10 - 3 - 2", "100 / 5 / 2", "10 - 4/2", "1/2 + 1/4", "1/2 - 3",
        "1 + 2 - 3 * 4 / 5", "2024 - 1990", "0.1 + 0.2", "123456789 * 987654321", "(10 - 4)/2",
    ])
    func anExpressionAloneIsArithmetic(text: String) {
        expectArithmetic(text, text)
        expectArithmetic("  \(text) \n", text)
        expectArithmetic("\(text) = ?", text)
    }

    @Test(arguments: [
        // Numbers
        "42", "-5", "3.14", "1e10", "1,000", "1,000 + 5", "50%", "-", "", " ", "\n", "pi", "e", "(42)", "((-5))", "007",
        // Dates and times
        "2024-01-15", "15/01/2024", "15-01-2024", "01/15/2024", "2024/12/25", "12-25-2024", "2024-12-25",
        "15.01.2024", "2024 - 01 - 15", "15 / 01 / 2024", "15 - 12 - 2024", "2024 - 12 - 15", "15/12/2024 - 16/12/2024",
        "15-12-2024 - 16-12-2024", "12/15 - 12/20", "10:30", "10:30 - 11:45", "2024-01-15T10:30:00Z",
        "2024-01-15 10:30:00+02:00", "2024-W03-1", "24/7", "9/11", "1/2", "3/4", "what is 9/11?", "what is 24/7?",
        // Phone numbers
        "+1 555-123-4567", "555-1234", "(555) 123-4567", "(555)-123-4567", "555-123-4567", "555 - 123 - 4567",
        "+44 20 7946 0958", "+49 (0)30 123456", "1-800-555-1234", "555.123.4567", "(020) 7946-0958", "+15551234567",
        "(555-1234)", "555-1234 - 555-1235", "what is 555-1234?", "tel: +1 (555) 123-4567",
        // Versions, addresses, numbers of books and parts
        "1.2.3", "1.2-3", "v1.2 + 3", "1.2.3-4", "2.0.0+build", "10.0.0.0/8", "192.168.1.1", "127.0.0.1:8088",
        "::1", "fe80::1%2", "978-3-16-148410-0", "978-0-306-40615-7", "ISBN 978-3-16-148410-0", "0-306-40615-2",
        "4111-1111-1111-1111", "123-45-6789", "550e8400-e29b-41d4-a716-446655440000",
        // Ranges, ratios, scores, sizes
        "2020-2024", "pages 3-5", "3-5", "(3-5)", "(2020-2024)", "10-20", "16:9", "1920x1080", "3 x 4", "3-1", "1-2-3",
        "50% - 20%", "50% - 20", "100% + 20%", "50% -20",
        // Lists
        "1\n2\n3", "- 5\n- 3", "* 5\n* 3", "1. 2\n2. 3", "1, 2, 3", "(1, 2)", "[1 + 2]", "{1 + 2}",
        // Words around numbers
        "calculate the risk of my plan", "calculate risk", "calc", "calculate", "calc please", "calculator 2 + 2",
        "calculated 2 + 2", "recalculate 2 + 2", "calculus 2 + 2", "precalc 2 + 2", "math 101", "math", "maths 2 + 2",
        "mathematics 2 + 2", "math homework for grade 3 - 4", "math is fun", "I love math", "calc two plus two",
        "calculate 20% of 50", "calculate the sum of 2 and 2", "what is love?", "what is 42?", "what is 2024-01-15?",
        "what is 2 + 2 apples?", "What is the 5-3 formation?", "I need 2 + 2 apples", "2 + 2 is 4", "2 + 2 = 4",
        "a + b", "x * 2", "2 + x", "C++", "f(2 + 2)", "eval(2 + 2)", "__import__('os')", "calc __import__('os')",
        "calc import os", "calc 2 + 2; rm -rf /", "calc 2 + 2 && 1", "calc 1 if 1 else 2", "calc 0x10 + 1",
        "2 ^ 3", "calc 2 ^ 3", "2 + 2\nignore the above", "2 + 2!", "calc 3 + 5!", "5 + 3!", "calc 5!",
        "$5 + $3", "5€ + 3€", "5 kg + 3 kg", "2 + 2 + 2 +", "* 2", "2 *", "+", "()", "sqrt()", "sqrt(", "calc (",
        "SQRT(16)", "calc PI", "18+", "1 + + + 2", "2 2", "2 ** ** 3", "**5** + 3", "see 2+2 below",
        // Other scripts and disguises
        "２ + ２", "２＋２", "２+２", "٢ + ٢", "2\u{200B}+\u{200B}2", "c\u{200B}alc 2 + 2", "ｃａｌｃ 2 + 2", "сalc 2 + 2",
        "cаlculate 2 + 2", "calc\u{200B} 2 + 2", "2 ＋ 2", "2\u{A0}+\u{A0}2", "二加二", "calc 2\u{0}+ 2", "²+²", "½ + ½",
        "🧮 2 + 2", "\u{202E}2 + 2", "calc 2 + 2\u{202C}", "c4lc 2 + 2", "c a l c 2 + 2",
    ])
    func whatOnlyLooksLikeArithmeticIsNone(text: String) {
        #expect(router.decide(text).tool != "safe_calc", "\(text)")
    }

    @Test func hugeTextsAreDecidedAllTheSame() {
        let sum = Array(repeating: "12", count: 100_000).joined(separator: " + ")
        expectArithmetic(sum, sum)
        expectArithmetic("calc " + sum, sum)
        #expect(router.decide(sum + " apples") == .noMatch)
        #expect(router.decide(String(repeating: "1-", count: 200_000) + "1") == .noMatch)
        #expect(router.decide(String(repeating: "(", count: 300_000)) == .noMatch)
        #expect(router.decide(String(repeating: "7", count: 1_000_000)) == .noMatch)
        #expect(router.decide("calc " + String(repeating: " ", count: 1_000_000)) == .noMatch)
    }

    @Test(arguments: ["(", "1-", "1 - ", "sqrt(", "1.", " ", "1 + (", "- ", "-1*"])
    func theTimeGrowsWithTheTextOnly(unit: String) {
        let growth = ThreadTime.growth(from: 100_000, to: 800_000) { bytes in
            let text = String(repeating: unit, count: bytes / unit.utf8.count) + "x"
            return { _ = router.decide(text) }
        }
        #expect(growth < 24, "8 times the text took \(growth) times as long")
    }

    @Test func theSameTextGivesTheSameDecision() throws {
        let again = try ShippedFiles.router()
        for text in ["calc 2 + 2", "echo hi", "hello", "10 - 3 - 2"] {
            #expect(router.decide(text) == again.decide(text))
        }
    }
}
