import OrchCore
import OrchRouting
import SystemPackage
import Testing

@testable import OrchCommandLine

/// `orch route report`
struct RouteGoldenTests {
    private let folder: TemporaryDirectory
    private var fixture = Fixture()

    init() throws {
        folder = try TemporaryDirectory()
        fixture.routing.overrides = ["sums": IntentOverride(needsHuman: true)]
        fixture.routing.cases = [
            GoldenCase(
                id: "alarm", text: GoldenText("wake me at seven"), tags: ["meaning"],
                expected: GoldenExpectation(outcome: .tool, tool: "echo", intent: "alarm", tier: 2), isShadowed: true),
            GoldenCase(
                id: "sums", text: GoldenText("calculate 1"), tags: ["rule"],
                expected: GoldenExpectation(outcome: .human, reason: "tier3_required", tier: 3), isShadowed: true),
            GoldenCase(
                id: "both", text: GoldenText("wake me or amuse me"),
                expected: GoldenExpectation(outcome: .human, intent: "joke")),
        ]
    }

    private func report(_ fixture: Fixture, _ options: String...) async -> Run {
        await orch(["route", "report", "--output", folder.path.string] + options, in: fixture.environment)
    }

    @Test func `a case that comes out otherwise is told, and the exit status is 1`() async throws {
        let run = await report(fixture)
        #expect(run.status == 1 && run.err.isEmpty, "\(run.err)")
        #expect(run.out.contains("CASE  MEMBER  EXPECTED  FOUND\nboth  intent  joke      alarm\n"))
        #expect(run.out.contains("cases        3\nfailed       1\ntiers        0 at 0, 0 at 1, 1 at 2, 2 at 3\n"))
        #expect(run.out.contains("humans       2, a share of 0.6667\nshadow       2 pairs, 1 of which differ\n"))
        #expect(folder.names == ["routing-report.json", "routing-report.md"])
        let markdown = try folder.read("routing-report.md")
        #expect(markdown.hasPrefix("# Routing report\n\nNot all golden cases come out as they must.\n"))
        #expect(markdown.contains("| both |  | intent | joke | alarm |\n"))
        #expect(markdown.contains("| sums | tool safe\\_calc, arithmetic | human safe\\_calc, tier3\\_required |\n"))
        #expect(markdown.contains("| 0.9 to 1.0 | 1 | 0.97 | 1.0 |\n"))
    }

    @Test func `the file and --json hold the same`() async throws {
        let json = try #require(try await report(fixture, "--json").json().objectValue)
        let file = try JSONValue(parsing: Array(try folder.read("routing-report.json").utf8)).objectValue
        #expect(file == json)
        #expect(json["version"] == "1.2.3" && json["cases"] == 3 && json["passed"] == 2)
        #expect(
            json["failed"] == [
                [
                    "id": "both", "tags": [],
                    "differences": [["member": "intent", "expected": "joke", "found": "alarm"]],
                ]
            ])
        #expect(json["tiers"] == ["0": 0, "1": 0, "2": 1, "3": 2])
        #expect(json["outcomes"] == ["tool": 1, "model": 0, "human": 2, "denied": 0])
        #expect(json["shadow"]?.objectValue?["pairs"] == 2 && json["hitl_rate"] == 0.6667)
        #expect(
            json["shadow"]?.objectValue?["mismatches"] == [
                [
                    "id": "sums", "rules": ["outcome": "tool", "tool": "safe_calc", "reason": "arithmetic"],
                    "intents": ["outcome": "human", "tool": "safe_calc", "reason": "tier3_required"],
                ]
            ])
        #expect(
            json["hashes"] == [
                "policy": "policy-1", "router_policy": "abc123", "intents": "intents-1", "embedder": "embedder-1",
                "learned": "learned-1",
            ])
        let calibration = json["calibration"]?.objectValue
        // One of 0.97 that is right, one of 0.5 that is not.
        #expect(calibration?["decisions"] == 2 && calibration?["expected_calibration_error"] == 0.265)
    }

    @Test func `two runs write the same bytes`() async throws {
        _ = await report(fixture)
        let (markdown, json) = (try folder.read("routing-report.md"), try folder.read("routing-report.json"))
        _ = await report(fixture)
        #expect(try folder.read("routing-report.md") == markdown)
        #expect(try folder.read("routing-report.json") == json)
    }

    @Test func `where all comes out as it must, the exit status is 0`() async throws {
        var fixture = fixture
        fixture.routing.cases.removeLast()
        let run = await report(fixture)
        #expect(run.status == 0 && run.out.contains("failed       0\n"))
        #expect(try folder.read("routing-report.md").contains("## Failed cases\nNone.\n"))
        fixture.routing.cases = []
        #expect(await report(fixture).status == 0)
    }

    @Test func `what stands in the way is said, and nothing is written`() async {
        func changed(_ change: (inout Fixture) -> Void) -> Fixture {
            var fixture = fixture
            change(&fixture)
            return fixture
        }
        let missing = await report(changed { $0.routing.problem = "the embedder is not installed" })
        #expect(missing.status == 69 && missing.err.contains("the embedder is not installed"))
        let fault = await report(changed { $0.routing.fault = TableFault(codeName: "missing_key") })
        #expect(fault.status == 65 && fault.err.contains("policy.yaml:3:1"))
        #expect(await report(changed { $0.routerProblem = "rules.yaml:1:1: no" }).status == 65)
        let agent = await report(changed { $0.routing.cases[0].agent = "nobody" })
        #expect(agent.status == 65 && agent.err.contains("case alarm: there is no agent nobody"))
        let slow = await report(changed { $0.routing.cases[0].text = GoldenText("slow") })
        #expect(slow.status == 69 && slow.err.contains("case alarm: the embedder failed: embedder_timeout"))
        #expect(folder.names.isEmpty)
        let nowhere = await orch(
            "route", "report", "--output", folder.path.string + "/none", in: fixture.environment)
        #expect(nowhere.status == 73 && nowhere.err.contains("--output names a folder that is there"))
    }

    @Test func `reliability is counted by tenths, 1 in the last one`() {
        var reliability = Reliability()
        #expect(reliability.expectedCalibrationError == nil && reliability.bins.count == 10)
        for confidence in [0.7, 0.7, 0.7, 0.7999] { reliability.add(confidence: confidence, isRight: confidence > 0.7) }
        reliability.add(confidence: 1, isRight: true)
        reliability.add(confidence: 0, isRight: false)
        #expect(reliability.bins.map(\.count) == [1, 0, 0, 0, 0, 0, 0, 4, 0, 1])
        #expect(reliability.bins[7].meanConfidence == 0.725 && reliability.bins[7].shareRight == 0.25)
        #expect(reliability.bins[1].meanConfidence == nil)
        #expect(reliability.expectedCalibrationError == 0.3167)
    }
}
