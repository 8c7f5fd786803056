import ArgumentParser
import OrchConfiguration
import OrchCore
import OrchOrchestrator
import OrchPolicy
import OrchTools

/// `orch policy explain`
struct PolicyExplainCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say rule by rule what the policy makes of a call. Nothing is run, counted or recorded.",
        discussion: """
            The exit status is 1 where the policy denies, enforced or not. Calls that it limits by the hour are taken for \
            the first.

            Examples:
              orch policy explain safe_calc '{"expression": "2 + 2"}'
              orch policy explain web_search '{"query": "swift"}' --agent Holly --json
            """)

    @Argument(help: "The tool's name; it need not be there.")
    var tool: String

    @Argument(help: "Its arguments, a JSON object.")
    var args = "{}"

    @Option(help: "In whose name it is called.")
    var caller = Caller.commandLine.name

    @Option(help: "The agent that calls it.")
    var agent: String?

    @Flag(help: "Take a tool that is not there for a safe one.")
    var safe = false

    @Option(help: ArgumentHelp("Another policy file.", valueName: "file"))
    var policy: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let (loaded, workbench) = try configuration.workbench(in: session)
        let bench = workbench.tools
        let engine = try bench.loadedPolicy(policy)
        let registered = bench.executor.registry.tool(named: tool)
        if registered == nil { try session.warn("there is no tool of this name: a call would end at unknown_tool") }
        let call = PolicyCall(
            tool: tool, isSafe: registered?.safe ?? safe, caller: caller, agent: agent,
            input: .arguments(try arguments()),
            at: bench.now(), isReceipted: loaded.configuration.receipts.isEnabled)
        let report = PolicyReport(explanation: engine.explain(call), isEnforced: bench.isPolicyEnforced)
        try session.print(json: output.json, report.json, orText: report.text(session.out.palette))
        if !report.explanation.verdict.isAllowed { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func arguments() throws -> JSONObject {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: Array(args.utf8)).withCanonicalNumbers } catch {
            throw ValidationError("the arguments are not valid JSON: \(error.message)")
        }
        guard let object = value.objectValue else { throw ValidationError("the arguments must be a JSON object") }
        return object
    }
}

/// What `orch policy explain` says.
struct PolicyReport {
    let explanation: PolicyExplanation
    let isEnforced: Bool

    func text(_ palette: Palette) -> String {
        let rules = explanation.rules.enumerated().map { index, rule -> [Table.Cell] in
            let isDeciding = rule.outcome == .decided
            return [
                Table.Cell("\(index + 1)"), Table.Cell(rule.name), Table.Cell(rule.action.rawValue),
                Table.Cell(Self.phrase(rule.outcome), isDeciding ? .bold : nil),
            ]
        }
        let verdict = explanation.verdict
        var rows: [[Table.Cell]] = [
            [
                Table.Cell("verdict", .bold),
                Table.Cell(verdict.isAllowed ? "allowed" : "denied", verdict.isAllowed ? .green : .yellow),
            ],
            [Table.Cell("reason", .bold), Table.Cell(verdict.reason)],
            [Table.Cell("rule", .bold), Table.Cell(verdict.rule ?? "none")],
        ]
        if let unmet = verdict.unmet { rows.append([Table.Cell("not met", .bold), Table.Cell(unmet.rawValue)]) }
        if let open = verdict.open {
            rows.append([Table.Cell("depends on", .bold), Table.Cell("\(open.rawValue), taken for met")])
        }
        if !isEnforced {
            rows.append([
                Table.Cell("enforced", .bold), Table.Cell("no: the call would pass, and this would be recorded"),
            ])
        }
        return Table(["STEP", "RULE", "ACTION", "OUTCOME"], rules).text(palette) + "\n" + Table([], rows).text(palette)
    }

    private static func phrase(_ outcome: PolicyExplanation.Outcome) -> String {
        switch outcome {
        case .notMatched: "not matched"
        case .decided: "decides"
        case .notReached: "not reached"
        }
    }

    var json: String {
        let verdict = explanation.verdict
        let rules = explanation.rules.map { rule -> JSONValue in
            let outcome =
                switch rule.outcome {
                case .notMatched: "not_matched"
                case .decided: "decided"
                case .notReached: "not_reached"
                }
            return ["rule": .string(rule.name), "action": .string(rule.action.rawValue), "outcome": .string(outcome)]
        }
        let value: JSONValue = [
            "allowed": .bool(verdict.isAllowed), "reason": .string(verdict.reason),
            "rule": verdict.rule.map(JSONValue.string) ?? .null,
            "unmet_condition": verdict.unmet.map { .string($0.rawValue) } ?? .null,
            "depends_on": verdict.open.map { .string($0.rawValue) } ?? .null,
            "enforced": .bool(isEnforced), "steps": .array(rules),
        ]
        return String(decoding: value.serialized, as: UTF8.self)
    }
}
