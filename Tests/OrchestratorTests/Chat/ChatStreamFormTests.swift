import OrchCore
import OrchReceipts
import Testing

@testable import OrchOrchestrator

@Suite("Streams from every source have one form")
struct ChatStreamFormTests {
    static let sources: [(String, NoModelReason?)] = [("hello", nil), ("calc 6*7", nil), ("hello", .disabled)]

    @Test(
        "Role first, one identity, usage where it was asked for, extras in the last chunk, then the end",
        arguments: sources)
    func form(_ text: String, _ noModel: NoModelReason?) async throws {
        for usage in ["", #","stream_options":{"include_usage":true}"#, #","stream_options":{"include_usage":false}"#] {
            let bench = try Bench { $0.noModel = noModel }
            let record = try await bench.stream(Bench.body(text, "\"stream\":true\(usage)"))
            #expect(record.isDone)
            #expect(Set(record.chunks.map { $0.root["id"]?.string }).count == 1)
            #expect(Set(record.chunks.map { $0.root["created"]?.int }).count == 1)
            #expect(record.choices.first?["delta"]?["role"]?.string == "assistant")
            #expect(record.finishReasons == ["stop"] && !record.text().isEmpty)
            let includes = usage.contains("true")
            let usages = record.chunks.map { $0.root["usage"] }
            #expect(usages.dropLast().allSatisfy { includes ? $0?.isNull ?? false : $0 == nil })
            #expect((usages.last??["total_tokens"]?.int ?? 0 > 0) == includes)
            #expect(record.chunks.dropLast().allSatisfy { $0.root["receipt"] == nil })
            #expect(record.last?["receipt"]?["trace_id"]?.string == bench.log.entries.last?.traceID)
            #expect(record.last?["route_decision"] != nil)
        }
    }

    @Test("The same answer, whole and streamed", arguments: sources)
    func same(_ text: String, _ noModel: NoModelReason?) async throws {
        let bench = try Bench { $0.noModel = noModel }
        let whole = try await bench.whole(Bench.body(text))
        let record = try await bench.stream(Bench.body(text, "\"stream\":true"))
        #expect(whole["choices"]?.elements.first { _ in true }?["message"]?["content"]?.string == record.text())
        #expect(whole["route_decision"]?.value == record.last?["route_decision"]?.value)
        #expect(whole["tool_result"]?.value == record.last?["tool_result"]?.value)
    }
}
