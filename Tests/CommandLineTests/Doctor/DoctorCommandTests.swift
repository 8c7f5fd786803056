import OrchCore
import Testing

@testable import OrchCommandLine

struct DoctorCommandTests {
    private func fixture(_ verdicts: Checkup.Verdict...) -> Fixture {
        var fixture = Fixture()
        fixture.checkups = verdicts.enumerated().map { index, verdict in
            Checkup("part \(index)", verdict, "detail \(index)", remedy: verdict == .ok ? nil : "mend \(index)")
        }
        return fixture
    }

    @Test func `prints marks, remedies and a sum`() async {
        let run = await orch("doctor", in: fixture(.ok, .warning, .failed).environment)
        #expect(run.status == 1)
        #expect(
            run.out == """
                ✓ part 0  detail 0
                ! part 1  detail 1
                    → mend 1
                ✗ part 2  detail 2
                    → mend 2

                1 ok, 1 warning, 1 failed

                """)
    }

    @Test func `warnings do not fail`() async {
        #expect(await orch("doctor", in: fixture(.ok, .warning).environment).status == 0)
    }

    @Test func `prints JSON`() async throws {
        let run = await orch("doctor", "--json", in: fixture(.ok, .failed).environment)
        #expect(run.status == 1)
        #expect(
            try run.json() == [
                "ok": false,
                "checkups": [
                    ["name": "part 0", "verdict": "ok", "detail": "detail 0", "remedy": nil],
                    ["name": "part 1", "verdict": "failed", "detail": "detail 1", "remedy": "mend 1"],
                ],
            ])
    }

    @Test func `a refused configuration is a finding too`() async throws {
        let run = await orch("doctor", "--json", "--set", "ORCH_PORT=http")
        #expect(run.status == 78)
        let object = try #require(try run.json().objectValue)
        #expect(object["ok"] == false)
        #expect(object["checkups"]?.arrayValue?.first?.objectValue?["name"] == "configuration")
    }

    @Test func `colours are for terminals`() async {
        let environment = fixture(.failed).environment
        #expect(await orch("doctor", in: environment, isTerminal: true).out.hasPrefix("\u{1B}[31m✗\u{1B}[0m"))
        #expect(await !orch("doctor", in: environment).out.contains("\u{1B}"))
    }
}
