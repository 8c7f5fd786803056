import OrchCore
import OrchPolicy
import OrchRE2

/// Schemas that are one member's name: it must be there, and a text.
struct NoSchema: CodedError {
    let codeName = "invalid_schema"
    let message = "parameters: must be a schema"
}

let schemas: SchemaCompiling = { schema in
    guard let name = schema.objectValue?["needs"]?.stringValue else { throw NoSchema() }
    return { $0[name]?.stringValue != nil }
}

func engine(_ rules: PolicyRule..., receipts: Bool = false) throws -> PolicyEngine {
    try PolicyEngine(
        policy: ToolPolicy(rules: rules, needsReceipts: receipts), compiler: RE2Compiler(), schemas: schemas)
}

extension PolicyCall {
    static let noon = Timestamp("2026-03-01T12:00:00.000000Z") ?? Timestamp(microseconds: 0)

    /// A call at noon.
    init(
        _ tool: String, _ arguments: JSONObject = [:], safe: Bool = true, caller: String = "ann", agent: String? = nil,
        at moment: Timestamp = noon
    ) {
        self.init(tool: tool, isSafe: safe, caller: caller, agent: agent, input: .arguments(arguments), at: moment)
    }
}
