import Testing

@testable import OrchSandbox

/// The whole battery without control groups (with them it is run end to end), and each of its attempts against a
/// sandbox with a hole in it.
@Suite(.serialized) struct BatteryTests {
    @Test func `without control groups no attempt escapes either`() async throws {
        var machine = Machine()
        machine.usesGroups = false
        let battery = try EscapeBattery(
            Sandbox.Settings(choice: .bubblewrap, toolFolder: "none"), machine: machine, plantsVariable: false)
        for result in try await battery.run() where result.verdict != .held {
            Issue.record("\(result.attempt.name) is \(result.verdict): \(result.detail)")
        }
    }

    // MARK: Controls

    /// What a control run here cannot do without.
    private static let beyond: Set<Weakness> = [.terminal, .launcherEnvironment, .coreDumps]

    static let controlled = AttemptControls.weaknesses.filter { $0.value.isDisjoint(with: beyond) }.keys.sorted()

    @Test(arguments: controlled)
    func `an attempt escapes where the wall that holds it is missing`(name: String) throws {
        let attempt = try #require(EscapeAttempt.all.first { $0.name == name })
        let control = try ControlRun(AttemptControls.weaknesses[name] ?? [])
        let output = try control.output(of: attempt)
        let report = AttemptReport(of: attempt, in: output)
        #expect(report?.outcome == .escaped, "\(report?.detail ?? String(decoding: output.prefix(400), as: UTF8.self))")
    }
}
