import Testing

@testable import OrchCommandLine

struct CommandLineParsingTests {
    static let commands = [
        "serve", "chat", "route explain", "route report", "route diff", "replay", "tools list", "tools run",
        "agents list", "agents show", "trace list",
        "trace show", "trace export", "config show", "config check", "config docs", "doctor", "assets list",
        "assets check", "scrub", "tokens count", "tokens encode", "tokens decode", "tokens prune", "sandbox check",
        "sandbox run",
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

    @Test(arguments: commands) func `each command that prints data has --json`(command: String) async {
        let printsNoData = ["serve", "trace export", "config docs"]
        #expect(await help(command).contains("--json") != printsNoData.contains(command))
    }

    @Test(arguments: [
        ["frobnicate"], ["serve", "--port", "http"], ["serve", "now"], ["route", "explain"],
        ["route", "explain", "a", "b"], ["route", "batch"], ["route", "report", "now"], ["replay"], ["tools", "run"],
        ["tools", "run", "echo", "--args", "{"],
        ["tools", "run", "echo", "hi", "--args", "{}"], ["agents", "show"], ["trace", "list", "--limit", "0"],
        ["trace", "list", "--limit", "1001"], ["trace", "list", "--before", "0199"], ["trace", "show"],
        ["trace", "show", "0199d1f0-6b7c-7000-8000-0123456789AB"], ["trace", "export", "--since", "yesterday"],
        ["config", "show", "--set", "ORCH_PORT"], ["config", "show", "--set", "=1"],
        ["config", "show", "--set", "A=1", "--set", "A=2"], ["doctor", "--fix"], ["chat", "--agent"],
        ["serve", "--port", "1", "--set", "ORCH_PORT=2"], ["scrub", "--list", "--json"], ["scrub", "a", "b"],
        ["scrub", "--minimum-confidence", "1.1"], ["scrub", "--minimum-confidence", "nan"],
        ["scrub", "--minimum-confidence", "high"], ["scrub", "--minimum-confidence=-0.1"],
        ["tokens", "count", "a", "b"],
        ["tokens", "count", "--model", ""], ["tokens", "encode", "--show", "--json"], ["tokens", "decode", "1", "x"],
        ["tokens", "decode", "a", "b"], ["tokens", "prune", "--budget=-1"], ["tokens", "prune", "--budget", "many"],
        ["tokens", "prune", "--budget", "100000001"], ["tokens", "prune", "--strategy", "luck"],
        ["sandbox", "run"], ["sandbox", "run", "a.py", "b.py"], ["sandbox", "check", "now"],
    ]) func `a wrong command line exits with 64`(arguments: [String]) async {
        let run = await orch(arguments)
        #expect(run.status == ExitStatus.usage.rawValue)
        #expect(!run.err.isEmpty)
        #expect(run.out.isEmpty)
    }

    @Test func `a refused assignment is not repeated`() async {
        let run = await orch("doctor", "--set", Fixture.secret)
        #expect(run.status == 64)
        #expect(!run.err.contains(Fixture.secret))
    }

    @Test func `the version is the program's`() async {
        let run = await orch("--version")
        #expect(run.status == 0)
        #expect(run.out == "1.2.3")
    }

    @Test func `without arguments there is help with the exit statuses`() async {
        let run = await orch()
        #expect(run.status == 0)
        for status in ExitStatus.allCases { #expect(run.out.contains("\(status.rawValue)  \(status.meaning)")) }
    }

    @Test func `without an environment a command fails as a fault of the program`() async {
        let run = await orch("tools", "list", in: nil)
        #expect(run.status == 70)
    }

    @Test func `a reader that goes away ends the command without a word`() async {
        let run = await orch("config", "docs", closesAfter: 0)
        #expect(run.status == 74)
        #expect(run.err.isEmpty)
    }
}
