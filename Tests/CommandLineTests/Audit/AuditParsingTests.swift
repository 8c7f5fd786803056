import Testing

@testable import OrchCommandLine

struct AuditParsingTests {
    static let commands = [
        "audit verify", "audit bundle", "audit check-bundle", "audit fsck", "audit key", "audit checkpoint",
        "audit erase", "maintain",
    ]

    private func help(_ command: String) async -> String {
        let run = await orch(command.split(separator: " ").map(String.init) + ["--help"])
        #expect(run.status == 0)
        return run.out
    }

    @Test(arguments: commands) func `each command has help with an example of itself`(command: String) async {
        let help = await help(command)
        #expect(help.hasPrefix("OVERVIEW: "))
        #expect(help.contains("\n  orch \(command)"), "no example in:\n\(help)")
    }

    @Test(arguments: commands) func `each command that prints something else than JSON has --json`(
        command: String
    ) async {
        #expect(await help(command).contains("--json") == (command != "audit bundle"))
    }

    @Test func `the help of fsck says what unanchored means`() async {
        let help = await help("audit fsck").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in [
            "consistent, unanchored", "consistent, append-only since size N", "NOT CONSISTENT",
            "Unanchored means that nothing from outside was looked at",
        ] {
            #expect(help.contains(words))
        }
    }

    static let id = TraceArgument.example

    @Test(arguments: [
        ["verify"], ["verify", id, "--all"], ["verify", "0199"], ["verify", id, id], ["bundle"], ["bundle", "x"],
        ["check-bundle"], ["check-bundle", "a.json"], ["check-bundle", "a.json", "--key"],
        ["key", "--create", "--rotate"], ["key", "now"], ["fsck", "now"], ["checkpoint", "1"], ["erase"],
        ["erase", "--yes"], ["erase", "0199", "--yes"], ["prune"],
    ]) func `a wrong command line exits with 64`(arguments: [String]) async {
        let run = await orch(["audit"] + arguments)
        #expect(run.status == ExitStatus.usage.rawValue)
        #expect(!run.err.isEmpty && run.out.isEmpty)
    }

    @Test(arguments: [
        ["audit", "verify", id], ["audit", "verify", "--all"], ["audit", "bundle", id], ["audit", "fsck"],
        ["audit", "key"], ["audit", "key", "--create"], ["audit", "key", "--rotate"], ["audit", "checkpoint"],
        ["audit", "erase", id], ["audit", "erase", id, "--yes"], ["maintain"], ["maintain", "--dry-run"],
    ]) func `without receipts there is nothing to audit`(arguments: [String]) async {
        var fixture = Fixture()
        fixture.receipts = nil
        let run = await orch(arguments, in: fixture.environment)
        #expect(run.status == 69)
        #expect(run.out.isEmpty)
        #expect(run.err == "orch: receipts are off: set ORCH_TRACE_ENABLED=1\n")
    }

    @Test(arguments: [["audit", "verify", id], ["audit", "bundle", id], ["audit", "erase", id, "--yes"]])
    func `an unknown trace is said to be one`(arguments: [String]) async {
        var fixture = Fixture()
        fixture.log = MemoryLog(2)
        let run = await orch(arguments, in: fixture.environment)
        #expect(run.status == 66)
        #expect(run.err == "orch: there is no such trace\n")
    }
}
