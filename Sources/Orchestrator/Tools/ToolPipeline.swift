package import OrchCore
package import OrchReceipts
package import OrchTools

/// The way of a tool execution that a caller asks for by name.
package struct ToolPipeline: Sendable {
    private let tools: ToolExecutor
    private let recorder: Recorder
    private let pins: @Sendable () -> Pins
    private let observe: @Sendable (PipelineEvent) -> Void

    package init(
        tools: ToolExecutor, recorder: Recorder, pins: @escaping @Sendable () -> Pins,
        observe: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.tools = tools
        self.recorder = recorder
        self.pins = pins
        self.observe = observe
    }

    /// Answers a `{"name","args","approval_token"?}` body with `{"result":{…},"receipt":{…}}`.
    package func answer(_ body: [UInt8], caller: Caller) async throws -> (body: [UInt8], traceID: TraceID?) {
        let request = try ToolRequest(parsing: body)
        var trace = recorder.begin(route: "tools/execute", caller: caller, pins: pins(), request: body)
        let (result, execution) = await tools.execute(
            request.name, arguments: request.arguments, approvalToken: request.approvalToken)
        let isRegistered = tools.registry.tool(named: request.name) != nil
        trace.addExecution(execution, registered: isRegistered)
        observe(.ranTool(name: isRegistered ? request.name : "unknown", status: execution.status.rawValue))
        var resultWriter = JSONWriter()
        result.write(to: &resultWriter)
        trace.commit(.answer, to: resultWriter.bytes)
        let receipt = try await recorder.close(&trace, .ok)
        var writer = JSONWriter(capacity: resultWriter.bytes.count + 512)
        writer.beginObject()
        writer.key("result")
        writer.raw(resultWriter.bytes)
        writer.member("receipt", receipt)
        writer.endObject()
        return (writer.bytes, receipt?.traceID)
    }

    /// `{"count","tools":[…]}`: what is registered, and what the policy says of each today.
    package func listing() -> [UInt8] {
        var writer = JSONWriter(capacity: 2048)
        writer.beginObject()
        writer.member("count", tools.registry.tools.count)
        writer.key("tools")
        writer.beginArray()
        for tool in tools.registry.tools {
            let decision = tools.policy(tool, [:])
            writer.beginObject()
            writer.member("name", tool.name)
            writer.member("description", tool.description)
            writer.member("parameters", tool.parameters)
            writer.member("safe", tool.safe)
            writer.member("sandboxed", tool.requiresSandbox)
            writer.key("policy")
            writer.beginObject()
            writer.member("allowed", decision.allowed)
            writer.member("reason", decision.reason)
            writer.member("rule", orNull: decision.rule)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
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
