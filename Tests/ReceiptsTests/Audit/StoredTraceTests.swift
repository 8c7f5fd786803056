import OrchCore
import OrchReceipts
import Testing

@Suite("Traces as they are stored")
struct StoredTraceTests {
    @Test("Are understood as what was recorded")
    func decoded() throws {
        let sample = try TraceSample()
        let trace = try sample.stored.decoded()
        #expect(trace.id == TraceSample.id && trace.createdAt == TraceSample.opened)
        #expect(trace.metadata["status"] == "ok" && trace.metadata["caller"] == "é")
        #expect(trace.steps.map(\.type) == TraceSample.trace.steps.map(\.type))
        #expect(trace.steps.map(\.createdAt) == TraceSample.trace.steps.map(\.createdAt))
        #expect(trace.steps.map(\.payload.canonical) == TraceSample.trace.steps.map(\.payload.canonical))
        #expect(try sample.retired(.expired).decoded().metadata["retired"] == "expired")
    }

    @Test("Of a step the hash is that of what is stored")
    func hashes() throws {
        let sample = try TraceSample()
        #expect(sample.stored.steps.map(\.hash) == sample.leaf.steps.map(\.hash))
    }

    @Test("Are unreadable where a column is none of its kind", arguments: 0..<6)
    func unreadable(_ column: Int) throws {
        let columns: [WritableKeyPath<StoredTrace, [UInt8]>] = [
            \.id, \.createdAt, \.metadata, \.steps[1].type, \.steps[1].createdAt, \.steps[1].json,
        ]
        for bytes in [[], Array("x".utf8), [0xFF], Array("[]".utf8)] {
            var stored = try TraceSample().stored
            stored[keyPath: columns[column]] = bytes
            let error = #expect(throws: ReceiptError.self) { try stored.decoded() }
            #expect(error?.code == .unreadable)
        }
    }
}
