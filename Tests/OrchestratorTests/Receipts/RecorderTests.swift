import OrchCore
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Recording")
struct RecorderTests {
    @Test("Refused logins are receipted in aggregate")
    func refusedLogins() async throws {
        let log = MemoryReceiptLog()
        let recorder = Recorder(log: log, now: { Bench.moment })
        try await recorder.recordRefusedLogins(17, pins: Bench.pins)
        #expect(log.phases == [.whole] && log.status == "failed" && log.metadata("caller") == "anonymous")
        #expect(log.steps(.error) == [["code": "authentication_failed", "count": 17]])
        #expect(log.steps(.policySnapshot) == [Bench.pins.object])
    }

    @Test("With no log nothing is written, nothing fails, and the end is noted all the same")
    func off() async throws {
        let recorder = Recorder(log: nil, now: { Bench.moment })
        var builder = recorder.begin(route: "chat", caller: Bench.caller, pins: [:])
        try await recorder.open(&builder)
        #expect(!recorder.isEnabled && !builder.isClosed)
        #expect(try await recorder.close(&builder, .ok) == nil)
        #expect(builder.isClosed)
        try await recorder.recordRefusedLogins(1, pins: [:])
    }

    @Test("Identities of traces are of the recorder's moment, and never the same")
    func identities() {
        let recorder = Recorder(log: nil, now: { Bench.moment })
        let ids = (0..<100).map { _ in recorder.begin(route: "r", caller: .anonymous, pins: [:]).trace.id.description }
        #expect(Set(ids).count == 100)
        #expect(Set(ids.map { String($0.prefix(13)) }).count == 1)
    }
}
