import OrchCore
import OrchPolicy
import OrchPolicyFiles
import OrchRE2

/// A tool policy of 200 rules, of which the last one decides.
struct PolicySample {
    private static let rules = 200

    private let engine: PolicyEngine
    private let call: PolicyCall

    init() throws {
        var yaml = "policy: {version: 1}\nrules:\n"
        for number in 1..<Self.rules {
            yaml += "  - {id: r\(number), match: 'team\(number % 7)_(?:read|write)_[a-z]+_\(number)', action: deny}\n"
        }
        yaml += """
              - id: last
                match: team3_search_.*
                action: allow
                conditions:
                  input_param: query
                  max_input_len: 500
                  agents: [Holly]
                  hours: '00:00-24:00'
                  args: {type: object, required: [query], properties: {query: {type: string, minLength: 1}}}

            """
        engine = try ToolPolicyFile.parse(Array(yaml.utf8), file: "sample.yaml", compiler: RE2Compiler())
        call = PolicyCall(
            tool: "team3_search_documents", isSafe: true, caller: "bench", agent: "Holly",
            input: .arguments(["query": "where the monthly report is kept"]), at: Sample.moment)
    }

    /// A decision as all of a tool's but the first are.
    func decide() -> Bool { engine.decide(call).isAllowed }

    /// A decision about a name that is asked about for the first time, for which all rules are tried.
    ///
    /// The engine remembers the first thousand names; from then on every one is new.
    func decideNewName(_ number: inout Int) -> Bool {
        number += 1
        var call = call
        call.tool = "team3_search_\(number)"
        return engine.decide(call).isAllowed
    }
}
