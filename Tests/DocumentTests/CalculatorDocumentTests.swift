import Testing

@testable import OrchTools

struct CalculatorDocumentTests {
    private let document: MarkdownDocument

    init() throws {
        document = try Checkout.document("docs/safe-calculator.md")
    }

    @Test func `the functions of docs/safe-calculator.md are the calculator's`() {
        let names = document.rows(under: ["function", "arguments", "result"]).flatMap { row in
            row[0].split(separator: ",").map { $0.split(separator: " ").joined() }
        }
        let found = differences(
            names, in: "docs/safe-calculator.md", CalculatorFunction.allCases.map(\.rawValue), in: "the calculator")
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
        #expect(Set(names).count == names.count, "a function stands there twice")
    }

    @Test func `its examples come out as they stand there`() throws {
        let rows = document.rows(under: ["expression", "result", "why"])
        #expect(rows.count >= 10)
        for row in rows {
            #expect(try Calculator().evaluate(row[0]) == row[1], "\(row[0])")
        }
    }

    @Test func `its failures have the codes that stand there`() {
        let lines = document.section("## Errors").filter { $0.hasPrefix("| `") }
        var examples = 0
        for line in lines {
            let spans = MarkdownDocument.spans(line)
            for expression in spans.dropFirst() {
                examples += 1
                let code = { () -> String? in
                    do throws(CalculationError) {
                        _ = try Calculator().evaluate(expression)
                        return nil
                    } catch {
                        return error.codeName
                    }
                }()
                #expect(code == spans[0], "\(expression)")
            }
        }
        #expect(examples >= 15)
    }
}
