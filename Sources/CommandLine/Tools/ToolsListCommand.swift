import ArgumentParser
import OrchOrchestrator
import OrchTools

/// `orch tools list`
struct ToolsListCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tools, and what the policy says of each.",
        discussion: """
            Examples:
              orch tools list
              orch tools list --json
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (_, workbench) = try configuration.workbench(in: session)
        for problem in workbench.tools.problems { try session.warn(problem) }
        let report = ToolListReport(bench: workbench.tools)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

/// What `orch tools list` says.
struct ToolListReport {
    let bench: ToolBench

    func text(_ palette: Palette) -> String {
        let rows = bench.executor.registry.tools.map { tool -> [Table.Cell] in
            let decision = bench.pipeline.outlook(of: tool)
            return [
                Table.Cell(tool.name),
                Table.Cell(tool.safe ? "no" : "yes"),
                Table.Cell(tool.requiresSandbox ? "yes" : "no"),
                Table.Cell(Self.phrase(decision), decision.allowed ? .green : .yellow),
                Table.Cell(Visible.line(tool.description, maximum: 60)),
            ]
        }
        return Table(["NAME", "NEEDS APPROVAL", "SANDBOXED", "POLICY", "DESCRIPTION"], rows).text(palette)
    }

    private static func phrase(_ decision: ToolPolicyDecision) -> String {
        if let reason = decision.wouldDeny { return "allowed; enforced it would be denied: \(reason)" }
        guard decision.allowed else { return "denied: \(decision.reason)" }
        return decision.isConditional ? "allowed, on conditions" : "allowed"
    }

    /// The same as GET /v1/tools.
    var json: String { String(decoding: bench.pipeline.listing(), as: UTF8.self) }
}
