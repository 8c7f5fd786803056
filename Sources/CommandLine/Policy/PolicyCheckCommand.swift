import ArgumentParser
import OrchCore
import OrchPolicy

/// `orch policy check`
struct PolicyCheckCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a tool policy loads, and what is in it; a fault is told with its line.",
        discussion: """
            The exit status is 65 where it does not load.

            Examples:
              orch policy check
              orch policy check new_policy.yaml
              orch policy check --json
            """)

    @Argument(help: "A policy file; without it that of ORCH_TOOL_POLICY_PATH.")
    var file: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        let bench = workbench.tools
        let engine = try bench.loadedPolicy(file)
        let report = PolicyCheckReport(
            path: file ?? bench.policyPath, policy: engine.policy, isInForce: file == nil,
            hash: file == nil ? bench.policyHash : nil, isEnforced: bench.isPolicyEnforced)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

extension ToolBench {
    /// The policy of a file, or the one in force.
    func loadedPolicy(_ file: String?) throws -> PolicyEngine {
        let engine: PolicyEngine?
        do { engine = try loadPolicy(file ?? policyPath) } catch let error as any CodedError {
            throw CommandFailure(error.codeName == "missing_file" ? .notFound : .malformedData, error.message)
        }
        guard let engine else { throw CommandFailure(.notFound, "there is no policy file") }
        return engine
    }
}

/// What `orch policy check` says.
struct PolicyCheckReport {
    let path: String
    let policy: ToolPolicy
    let isInForce: Bool
    let hash: String?
    let isEnforced: Bool

    func text(_ palette: Palette) -> String {
        var rows: [[Table.Cell]] = [
            [Table.Cell("file", .bold), Table.Cell(path)],
            [Table.Cell("version", .bold), Table.Cell(policy.version)],
            [
                Table.Cell("rules", .bold),
                Table.Cell("\(policy.rules.count): \(count(.allow)) allow, \(count(.deny)) deny"),
            ],
            [Table.Cell("intents", .bold), Table.Cell("\(policy.intents.count)")],
        ]
        if let hash { rows.append([Table.Cell("hash", .bold), Table.Cell(hash)]) }
        if isInForce {
            rows.append([
                Table.Cell("enforced", .bold),
                Table.Cell(isEnforced ? "yes" : "no: what it would deny is recorded, and passes"),
            ])
        }
        return "The policy loads.\n" + Table([], rows).text(palette)
    }

    private func count(_ action: PolicyRule.Action) -> Int { policy.rules.count { $0.action == action } }

    var json: String {
        let value: JSONValue = [
            "file": .string(path), "valid": true, "version": .string(policy.version),
            "rules": .integer(policy.rules.count), "intents": .integer(policy.intents.count),
            "policy_hash": hash.map(JSONValue.string) ?? .null, "enforced": .bool(isEnforced),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
