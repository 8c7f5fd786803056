import OrchCore

/// What the well-known fields of a request may hold. Others are the provider's business and pass.
enum ChatField {
    enum Shape: Sendable {
        case string, bool, object, array, arrayOfObjects, stringOrArray, stringOrObject
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
    }

    static let shapes: [String: Shape] = {
        var shapes: [String: Shape] = [
            "logit_bias": .object, "response_format": .object, "metadata": .object, "audio": .object,
            "prediction": .object, "stream_options": .object,
            "tools": .arrayOfObjects, "functions": .arrayOfObjects, "modalities": .array, "stop": .stringOrArray,
            "tool_choice": .stringOrObject, "function_call": .stringOrObject,
            "n": .integer(1...128), "top_logprobs": .integer(0...20), "seed": .integer(Int.min...Int.max),
            "max_tokens": .integer(1...Int.max), "max_completion_tokens": .integer(1...Int.max),
            "temperature": .number(0...2), "top_p": .number(0...1),
            "frequency_penalty": .number(-2...2), "presence_penalty": .number(-2...2),
        ]
        for key in ["model", "user", "service_tier", "reasoning_effort", "safety_identifier", "prompt_cache_key"] {
            shapes[key] = .string
        }
        for key in ["stream", "logprobs", "parallel_tool_calls", "store"] { shapes[key] = .bool }
        return shapes
    }()

    /// Checks one top-level field; null stands for absence.
    static func check(_ key: String, _ node: JSONNode) throws(PipelineError) {
        guard let shape = shapes[key], !node.isNull else { return }
        switch shape {
        case .string: try require(node.kind == .string, key, "a string", node)
        case .bool: try require(node.kind == .bool, key, "a boolean", node)
        case .object: try require(node.kind == .object, key, "an object", node)
        case .array: try require(node.kind == .array, key, "an array", node)
        case .stringOrObject:
            try require(node.kind == .string || node.kind == .object, key, "a string or an object", node)
        case .arrayOfObjects:
            try require(node.kind == .array, key, "an array", node)
            for (index, element) in node.elements.enumerated() {
                try require(element.kind == .object, "\(key)[\(index)]", "an object", element)
            }
        case .stringOrArray:
            try require(node.kind == .string || node.kind == .array, key, "a string or an array of strings", node)
            for (index, element) in node.elements.enumerated() {
                try require(element.kind == .string, "\(key)[\(index)]", "a string", element)
            }
        case .integer(let range):
            guard node.kind == .number, let value = node.int else {
                throw .wrongType(key, expected: "an integer", found: node.kind)
            }
            guard range.contains(value) else { throw outOfRange(key, "\(range.lowerBound)", "\(range.upperBound)") }
        case .number(let range):
            guard let value = node.double else { throw .wrongType(key, expected: "a number", found: node.kind) }
            guard range.contains(value) else { throw outOfRange(key, "\(range.lowerBound)", "\(range.upperBound)") }
        }
    }

    private static func require(
        _ holds: Bool, _ path: String, _ expected: String, _ node: JSONNode
    ) throws(PipelineError) {
        guard holds else { throw .wrongType(path, expected: expected, found: node.kind) }
    }

    private static func outOfRange(_ key: String, _ low: String, _ high: String) -> PipelineError {
        PipelineError(.invalidValue, "\(key) must be from \(low) to \(high)", parameter: key)
    }
}
