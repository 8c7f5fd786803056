import Testing

@testable import OrchTools

/// Expressions whose values Python computed.
@Suite struct CalculatorTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let expression: String
        let expected: String
        /// Out of the C library's functions, which may differ in the last digit between systems.
        let isApproximate: Bool

        var testDescription: String { expression }

        init?(_ line: Substring) {
            for (separator, isApproximate) in [(" = ", false), (" ~ ", true)] {
                guard let range = line.lastRange(of: separator) else { continue }
                expression = String(line[..<range.lowerBound])
                expected = String(line[range.upperBound...])
                self.isApproximate = isApproximate
                return
            }
            return nil
        }

        func accepts(_ actual: String) -> Bool {
            if actual == expected { return true }
            guard isApproximate, let actual = Double(actual), let expected = Double(expected) else { return false }
            return (actual - expected).magnitude <= 4 * expected.ulp
        }
    }

    static func rows(_ table: String) -> [Row] {
        table.split(separator: "\n").compactMap(Row.init)
    }

    static let chosen = rows(chosenExpressions)
    static let random = rows(randomExpressions) + rows(moreRandomExpressions)
    static let long = rows(longExpressions)

    @Test func `the tables are complete`() {
        #expect(Self.chosen.count >= 310)
        #expect(Self.random.count == 1_050)
        #expect(Self.long.count == 295)
        let exact = (Self.chosen + Self.random + Self.long).filter {
            !$0.isApproximate && !$0.expected.hasPrefix("!")
        }
        #expect(exact.count >= 1_000)
    }

    @Test func `approximate values may differ in the last digits, and not in size`() throws {
        let row = try #require(Row("pi*1e-300 ~ 3.141592653589793e-300"))
        #expect(row.accepts("3.1415926535897935e-300"))
        #expect(!row.accepts("0"))
        #expect(!row.accepts("3.14159265358980e-300"))
        #expect(!row.accepts("-3.141592653589793e-300"))
    }

    @Test(arguments: chosen) func `a chosen expression has Python's value`(row: Row) {
        #expect(row.accepts(answer(row.expression)), "\(answer(row.expression)), not \(row.expected)")
    }

    @Test(arguments: random) func `a random expression has Python's value`(row: Row) {
        #expect(row.accepts(answer(row.expression)), "\(answer(row.expression)), not \(row.expected)")
    }

    @Test(arguments: long) func `an expression of long numbers has Python's value`(row: Row) {
        #expect(row.accepts(answer(row.expression)), "\(answer(row.expression)), not \(row.expected)")
    }

    private func answer(_ expression: String) -> String {
        do throws(CalculationError) {
            return try Calculator().evaluate(expression)
        } catch {
            return "!" + error.codeName
        }
    }
}

extension Substring {
    fileprivate func lastRange(of separator: String) -> Range<Index>? {
        ranges(of: separator).last
    }
}
