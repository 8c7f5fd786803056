import OrchCore
import OrchProviders

/// The calls of tools that a streamed choice wants, put together from their pieces.
struct HeldCalls {
    /// Bytes of all calls of one choice.
    private static let maximumBytes = 1 << 20
    private static let maximumCalls = 128

    private struct Call {
        var id: String?
        var type: String?
        var name = ""
        var arguments = ""
        /// The text of a custom tool's call, which has no arguments.
        var input: String?

        /// Adds a piece of `{"name","arguments"}` or `{"name","input"}`.
        mutating func add(_ function: JSONNode) {
            if name.isEmpty { name = function["name"]?.string ?? "" }
            arguments += function["arguments"]?.string ?? ""
            if let more = function["input"]?.string { input = (input ?? "") + more }
        }

        var function: JSONObject { ["name": .string(name), "arguments": .string(arguments)] }
        var custom: JSONObject { ["name": .string(name), "input": .string(input ?? "")] }
    }

    private var calls: [Int: Call] = [:]
    /// The older form, of which there is one.
    private var function: Call?
    private var bytes = 0

    var isEmpty: Bool { calls.isEmpty && function == nil }

    /// Takes the pieces of a chunk's `tool_calls`.
    mutating func take(_ pieces: JSONNode) throws(ProviderError) {
        try count(pieces)
        for (place, piece) in pieces.elements.enumerated() {
            let index = piece["index"]?.int ?? place
            guard calls[index] != nil || calls.count < Self.maximumCalls else { throw Self.tooLarge }
            var call = calls[index] ?? Call()
            call.id = call.id ?? piece["id"]?.string
            call.type = call.type ?? piece["type"]?.string
            if let function = piece["function"] { call.add(function) }
            if let custom = piece["custom"] { call.add(custom) }
            calls[index] = call
        }
    }

    /// Takes a piece of a chunk's `function_call`.
    mutating func take(function piece: JSONNode) throws(ProviderError) {
        try count(piece)
        var call = function ?? Call()
        call.add(piece)
        function = call
    }

    /// All of it as the members of one delta.
    var delta: JSONObject {
        var delta = JSONObject()
        if !calls.isEmpty {
            delta["tool_calls"] = .array(
                calls.sorted { $0.key < $1.key }.map { index, call in
                    var value: JSONObject = ["index": .integer(index)]
                    if let id = call.id { value["id"] = .string(id) }
                    if let type = call.type { value["type"] = .string(type) }
                    if call.input == nil {
                        value["function"] = .object(call.function)
                    } else {
                        value["custom"] = .object(call.custom)
                    }
                    return .object(value)
                })
        }
        if let function { delta["function_call"] = .object(function.function) }
        return delta
    }

    private mutating func count(_ node: JSONNode) throws(ProviderError) {
        bytes += node.range.count
        guard bytes <= Self.maximumBytes else { throw Self.tooLarge }
    }

    private static let tooLarge = ProviderError(
        .malformedAnswer, "the calls of tools in the model server's answer are larger than a guard can hold")
}
