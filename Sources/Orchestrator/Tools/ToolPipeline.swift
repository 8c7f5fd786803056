package import OrchCore
package import OrchReceipts
package import OrchTools

/// The way of a tool execution that a caller asks for by name.
package struct ToolPipeline: Sendable {
    private let runner: ToolRunner
    private let recorder: Recorder
    private let policies: @Sendable () -> Policies

    package init(runner: ToolRunner, recorder: Recorder, policies: @escaping @Sendable () -> Policies) {
        self.runner = runner
        self.recorder = recorder
        self.policies = policies
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
        let policies = policies()
        var trace = recorder.begin(route: "tools/execute", caller: caller, pins: policies.pins, request: request)
        do {
            let result = try await runner.run(
                call, by: policies.tools, approvalToken: approvalToken, in: &trace)
            trace.commit(.answer, to: result.json)
            return (result, try await recorder.close(&trace, .ok))
        } catch let error as any CodedError {
            throw try await recorder.fail(&trace, error)
        }
    }

    /// What the policy says of a tool today.
    package func outlook(of tool: Tool) -> ToolPolicyDecision { policies().tools.outlook(tool) }

    /// `{"count","tools":[…]}`: what is registered, and what the policy says of each today.
    package func listing() -> [UInt8] {
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        let (tools, policy) = (runner.tools.registry.tools, policies().tools)
        writer.member("count", tools.count)
        writer.key("tools")
        writer.beginArray()
        for tool in tools {
            writer.beginObject()
            writer.member("name", tool.name)
            writer.member("description", tool.description)
            writer.member("parameters", tool.parameters)
            writer.member("safe", tool.safe)
            writer.member("sandboxed", tool.requiresSandbox)
            writer.key("policy")
            policy.outlook(tool).write(to: &writer)
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
        let root = try JSONNode.requestBody(bytes, fields: ["name", "args", "approval_token"])
        guard let name = root["name"] else { throw .missing("name") }
        guard let text = name.string else { throw .wrongType("name", expected: "a string", found: name.kind) }
        self.name = text
        arguments = try root.optionalObject("args") ?? [:]
        let token = root["approval_token"]
        guard token == nil || token?.kind == .string || token?.isNull ?? false else {
            throw .wrongType("approval_token", expected: "a string", found: token?.kind ?? .null)
        }
        approvalToken = token?.string
    }
}
