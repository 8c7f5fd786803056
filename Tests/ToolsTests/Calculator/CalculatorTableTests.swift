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
            return (actual - expected).magnitude <= 4 * max(expected.ulp, 0x1p-53)
        }
    }

    static func rows(_ table: String) -> [Row] {
        table.split(separator: "\n").compactMap(Row.init)
    }

    @Test func `the tables are complete`() {
        #expect(Self.rows(chosenExpressions).count >= 250)
        #expect(Self.rows(randomExpressions).count == 1_050)
        #expect(Self.rows(longExpressions).count == 250)
        let exact = Self.rows(chosenExpressions + "\n" + randomExpressions + "\n" + longExpressions).filter {
            !$0.isApproximate && !$0.expected.hasPrefix("!")
        }
        #expect(exact.count >= 1_000)
    }

    @Test(arguments: rows(chosenExpressions)) func `a chosen expression has Python's value`(row: Row) {
        #expect(row.accepts(answer(row.expression)), "\(answer(row.expression)), not \(row.expected)")
    }

    @Test(arguments: rows(randomExpressions)) func `a random expression has Python's value`(row: Row) {
        #expect(row.accepts(answer(row.expression)), "\(answer(row.expression)), not \(row.expected)")
    }

    @Test(arguments: rows(longExpressions)) func `an expression of long numbers has Python's value`(row: Row) {
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
