import ArgumentParser
import OrchApprovals
import OrchCore
import OrchOrchestrator

/// `orch hitl`
struct HitlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hitl",
        abstract: "See what waits for a human, and decide.",
        discussion: "Who may read the instance folder is an operator, called command_line in receipts.",
        subcommands: [
            HitlListCommand.self, HitlShowCommand.self, HitlApproveCommand.self, HitlDenyCommand.self,
        ])
}

/// `orch hitl list`
struct HitlListCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List reviews, newest first.",
        discussion: """
            Examples:
              orch hitl list
              orch hitl list --status pending --json
            """)

    @Option(help: "Of one state alone: \(ApprovalStatus.allCases.map(\.rawValue).joined(separator: ", ")).")
    var status: String?

    @Option(help: "How many, up to 200.")
    var limit = 50

    @Option(help: "Go on behind this one, the next_cursor of the page before.")
    var cursor: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let bench = try await configuration.reviewBench(in: session)
        var query = ["limit": String(limit)]
        query["status"] = status
        query["cursor"] = cursor
        let page = try await bench.reviews.list(query, caller: .commandLine)
        let report = try HitlReport(parsing: page)
        try session.print(
            json: output.json, String(decoding: page, as: UTF8.self), orText: report.list(session.out.palette))
    }
}

/// `orch hitl show`
struct HitlShowCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one review, with what is asked for while it is open.")

    @Argument(help: "The review's identity.")
    var id: String

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let bench = try await configuration.reviewBench(in: session)
        let item = try await bench.reviews.show(id, caller: .commandLine)
        let report = try HitlReport(parsing: item)
        try session.print(
            json: output.json, String(decoding: item, as: UTF8.self), orText: report.item(session.out.palette))
    }
}

/// `orch hitl approve`
struct HitlApproveCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a review: its request runs now, once.",
        discussion: """
            The exit status is 1 where the run failed.

            Examples:
              orch hitl approve 01940000-0000-7000-8000-000000000000
              orch hitl approve 01940000-0000-7000-8000-000000000000 --args '{"query": "swift"}' --note 'shortened'
            """)

    @Argument(help: "The review's identity.")
    var id: String

    @Option(help: ArgumentHelp("Run it with these arguments instead, a JSON object.", valueName: "json"))
    var args: String?

    @Option(help: "Why; kept with the review.")
    var note: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let bench = try await configuration.reviewBench(in: session)
        var body: JSONObject = [:]
        body["note"] = note.map(JSONValue.string)
        if let args {
            do throws(JSONError) { body["args"] = try JSONValue(parsing: Array(args.utf8)) } catch {
                throw ValidationError("--args is not valid JSON: \(error.message)")
            }
        }
        let item = try await bench.reviews.approve(
            id, JSONValue.object(body).serialized, caller: .commandLine
        ).body
        let report = try HitlReport(parsing: item)
        try session.print(
            json: output.json, String(decoding: item, as: UTF8.self), orText: report.item(session.out.palette))
        if report.status != ApprovalStatus.executed.rawValue { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}

/// `orch hitl deny`
struct HitlDenyCommand: OrchSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a review: its request is deleted and never runs.")

    @Argument(help: "The review's identity.")
    var id: String

    @Option(help: "Why; kept with the review.")
    var note: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions

    func run(in session: Session) async throws {
        let bench = try await configuration.reviewBench(in: session)
        var body: JSONObject = [:]
        body["note"] = note.map(JSONValue.string)
        let item = try await bench.reviews.deny(
            id, JSONValue.object(body).serialized, caller: .commandLine
        ).body
        let report = try HitlReport(parsing: item)
        try session.print(
            json: output.json, String(decoding: item, as: UTF8.self), orText: report.item(session.out.palette))
    }
}

extension ConfigurationOptions {
    /// The bench, once what has expired is ended.
    fileprivate func reviewBench(in session: Session) async throws -> ToolBench {
        let bench = try workbench(in: session).1.tools
        try await bench.sweep()
        return bench
    }
}

/// Reviews as people read them, made from what the HTTP routes answer.
struct HitlReport {
    private let root: JSONNode

    init(parsing json: [UInt8]) throws(JSONError) {
        root = try JSONDocument(parsing: json).root
    }

    var status: String { root["status"]?.string ?? "" }

    func list(_ palette: Palette) -> String {
        let items = root["data"].map { Array($0.elements) } ?? []
        guard !items.isEmpty else { return "Nothing waits, and nothing did.\n" }
        let rows = items.map { item -> [Table.Cell] in
            let status = item["status"]?.string ?? ""
            return [
                Table.Cell(item["request_id"]?.string ?? ""),
                Table.Cell(status, status == ApprovalStatus.pending.rawValue ? .yellow : nil),
                Table.Cell(item["tool"]?.string ?? ""), Table.Cell(item["requester"]?.string ?? ""),
                Table.Cell(item["created_at"]?.string ?? ""), Table.Cell(item["reviewer"]?.string ?? ""),
            ]
        }
        let more = root["next_cursor"]?.string.map { "\nThere are more: --cursor \($0)\n" } ?? ""
        return Table(["REVIEW", "STATE", "TOOL", "REQUESTER", "CREATED", "REVIEWER"], rows).text(palette) + more
    }

    func item(_ palette: Palette) -> String {
        let rows = root.members.filter { !$0.value.isNull && $0.key != "receipt" }.map { member in
            [
                Table.Cell(member.key, .bold),
                Table.Cell(
                    Visible.line(
                        member.value.string ?? String(decoding: member.value.value.serialized, as: UTF8.self),
                        maximum: 2000)),
            ]
        }
        return Table([], rows).text(palette)
    }
}
