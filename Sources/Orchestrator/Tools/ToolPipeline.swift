package import OrchCore
package import OrchReceipts
package import OrchTools

/// The way of a tool execution that a caller asks for by name.
package struct ToolPipeline: Sendable {
    private let runner: ToolRunner
    private let recorder: Recorder
    private let pins: @Sendable () -> Pins

    package init(runner: ToolRunner, recorder: Recorder, pins: @escaping @Sendable () -> Pins) {
        self.runner = runner
        self.recorder = recorder
        self.pins = pins
    }

    /// Answers a `{"name","args","approval_token"?}` body with `{"result":{…},"receipt":{…}}`.
    package func answer(_ body: [UInt8], caller: Caller) async throws -> (body: [UInt8], traceID: TraceID?) {
        let request = try ToolRequest(parsing: body)
        let call = ToolCall(request.name, request.arguments, caller: caller.name)
        let (result, receipt) = try await run(call, approvalToken: request.approvalToken, caller: caller, request: body)
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.key("result")
        result.write(to: &writer)
        writer.member("receipt", receipt)
        writer.endObject()
        return (writer.bytes, receipt?.traceID)
    }

    /// Runs a call and receipts it.
    ///
    /// - Parameter request: The bytes that asked for it, which the receipt commits to.
    package func run(
        _ call: ToolCall, approvalToken: String? = nil, caller: Caller, request: [UInt8]
    ) async throws -> (result: ToolResult, receipt: Receipt?) {
        var trace = recorder.begin(route: "tools/execute", caller: caller, pins: pins(), request: request)
        do {
            let result = try await runner.run(call, approvalToken: approvalToken, in: &trace)
            trace.commit(.answer, to: result.json)
            return (result, try await recorder.close(&trace, .ok))
        } catch let error as any CodedError {
            throw try await recorder.fail(&trace, error)
        }
    }

    /// `{"count","tools":[…]}`: what is registered, and what the policy says of each today.
    package func listing() -> [UInt8] {
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        let tools = runner.tools
        writer.member("count", tools.registry.tools.count)
        writer.key("tools")
        writer.beginArray()
        for tool in tools.registry.tools {
            writer.beginObject()
            writer.member("name", tool.name)
            writer.member("description", tool.description)
            writer.member("parameters", tool.parameters)
            writer.member("safe", tool.safe)
            writer.member("sandboxed", tool.requiresSandbox)
            writer.key("policy")
            tools.policy.outlook(tool).write(to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension ToolResult {
    /// As answers show it.
    var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

/// A body of `/v1/tools/execute`.
struct ToolRequest {
    let name: String
    let arguments: JSONValue
    let approvalToken: String?

    init(parsing bytes: [UInt8]) throws(PipelineError) {
        let root: JSONNode
        do throws(JSONError) { root = try JSONDocument(parsing: bytes).root } catch {
            throw PipelineError(.invalidJSON, "the body is not valid JSON: \(error.message)")
        }
        guard root.kind == .object else { throw .wrongType("body", expected: "an object", found: root.kind) }
        for member in root.members where !["name", "args", "approval_token"].contains(member.key) {
            throw PipelineError(
                .invalidValue, "the body has a field besides name, args and approval_token", parameter: nil)
        }
        guard let name = root["name"] else { throw .missing("name") }
        guard let text = name.string else { throw .wrongType("name", expected: "a string", found: name.kind) }
        self.name = text
        let arguments = root["args"]
        guard arguments == nil || arguments?.kind == .object else {
            throw .wrongType("args", expected: "an object", found: arguments?.kind ?? .null)
        }
        self.arguments = arguments?.value ?? [:]
        let token = root["approval_token"]
        guard token == nil || token?.kind == .string || token?.isNull ?? false else {
            throw .wrongType("approval_token", expected: "a string", found: token?.kind ?? .null)
        }
        approvalToken = token?.string
    }
}
