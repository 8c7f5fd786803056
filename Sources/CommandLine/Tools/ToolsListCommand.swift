import ArgumentParser
import OrchCore
import OrchOrchestrator
import OrchReceipts
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
        let report = ToolListReport(tools: workbench.tools)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
    }
}

/// What `orch tools list` says.
struct ToolListReport {
    let tools: ToolExecutor

    func text(_ palette: Palette) -> String {
        let rows = tools.registry.tools.map { tool -> [Table.Cell] in
            let decision = tools.policy(tool, [:])
            return [
                Table.Cell(tool.name),
                Table.Cell(tool.safe ? "no" : "yes"),
                Table.Cell(tool.requiresSandbox ? "yes" : "no"),
                Table.Cell(
                    decision.allowed ? "allowed" : "denied: \(decision.reason)", decision.allowed ? .green : .yellow),
                Table.Cell(Visible.line(tool.description, maximum: 60)),
            ]
        }
        return Table(["NAME", "NEEDS APPROVAL", "SANDBOXED", "POLICY", "DESCRIPTION"], rows).text(palette)
    }

    /// The same as GET /v1/tools.
    var json: String {
        let pipeline = ToolPipeline(
            tools: tools, recorder: Recorder(log: nil, now: { Timestamp(microseconds: 0) }), pins: { [:] },
            observe: { _ in })
        return String(decoding: pipeline.listing(), as: UTF8.self)
    }
}
