import OrchCore

extension Tool {
    /// Evaluates an arithmetic expression; see ``Calculator``.
    package static let safeCalc = Tool(
        name: "safe_calc",
        description: """
            Evaluates an arithmetic expression: + - * / // % **, parentheses, decimals, the constants pi, e and tau, \
            and \(CalculatorFunction.allCases.map(\.rawValue).joined(separator: ", ")). Whole numbers and decimals are \
            exact.
            """,
        parameters: [
            "type": "object",
            "properties": [
                "expression": [
                    "type": "string",
                    "description": "The expression, for example (2 + 3) * 4.",
                    "maxLength": .integer(CalculatorLimits().maximumExpressionBytes),
                ]
            ],
            "required": ["expression"],
            "additionalProperties": false,
        ],
        safe: true,
        timeout: nil
    ) { arguments in
        ToolOutput(try Calculator().evaluate(arguments["expression"]?.stringValue ?? ""), isCalculated: true)
    }
}
